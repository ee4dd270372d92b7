"""The composition root: which real parts stand behind the ports of this installation."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import Engine

from app.adapters import line_simulated
from app.adapters.cases import puts_back_items, starts_cases, tells_cases
from app.adapters.documents import DocumentStore, erases
from app.adapters.drops import DropFolder
from app.adapters.face import asks
from app.adapters.licences import licence_registry, looks_up_licences
from app.adapters.line import LineLogin, LinePush, RealLogin
from app.adapters.line_events import answers_events
from app.adapters.line_simulated import SimulatedLogin
from app.adapters.mail import SmtpMail, captured
from app.adapters.pinned_http import PinnedPost
from app.adapters.provisioning import Provisioner
from app.adapters.rights import looks_up, registry
from app.adapters.sms import HttpSms
from app.adapters.thaid import Provider, Thaid, ThaidSettings
from app.adapters.thaid_demo import DemoThaid
from app.webhook_sender import WebhookSender
from config import Settings
from workflows import operators
from workflows.clock import BANGKOK, Clock, SystemClock
from workflows.code_block import CodeBlock
from workflows.commands.forget_uploads import ERASE
from workflows.definition_store import DefinitionStore
from workflows.delivery import Deliverer, Effect
from workflows.engine import Interpreter, SnapshotKeys
from workflows.feel import Environment
from workflows.holiday_store import HolidayStore
from workflows.live_cache import LiveCache
from workflows.pinned_clock import PinnedClock
from workflows.ports import RightsRegistry
from workflows.records.database import open_database
from workflows.runtime import Runtime
from workflows.sealing import Keyring
from workflows.work import Services


@dataclass(frozen=True, slots=True)
class Line:
    """The LINE account of this installation; ``simulator`` where it is invented."""

    secret: str
    login: LineLogin
    simulator: SimulatedLogin | None = None


@dataclass(frozen=True, slots=True)
class Product:
    """Everything a process of the product needs, built once."""

    settings: Settings
    database: Engine
    runtime: Runtime
    keyring: Keyring
    documents: DocumentStore
    effects: dict[str, Effect]
    rights: RightsRegistry
    line: Line | None
    thaid: Provider | None

    def feel(self) -> Environment:
        """What expressions outside of a running case may know: Bangkok time and the office's working days."""
        clock = self.runtime.clock
        return Environment(
            lambda: clock.now().astimezone(BANGKOK), working_days=self.runtime.services.holidays.calendar()
        )

    def deliverer(self) -> Deliverer:
        """What delivers the outbox; for the worker."""
        return Deliverer(self.runtime, self.effects)

    def webhook_sender(self) -> WebhookSender:
        """What sends to units' systems; for the worker."""
        stop_after = timedelta(days=self.settings.webhook_failing_days)
        return WebhookSender(self.runtime, PinnedPost(private=self.settings.demo), stop_after=stop_after)


def build(settings: Settings, *, clock: Clock | None = None) -> Product:
    """Wire the product for these settings. ``clock`` is given by tests only."""
    database = open_database(settings.database_url)
    keyring = Keyring(settings.secret_key.encode())
    definitions = DefinitionStore(database)
    snapshot_keys = SnapshotKeys("1", {"1": keyring.subkey("snapshot")})
    interpreter = Interpreter(operators.table(), definitions.decide, snapshot_keys)
    services = Services(
        interpreter,
        definitions,
        HolidayStore(database),
        keyring,
        LiveCache(),
        CodeBlock(keyring),
        base_url=settings.base_url,
    )
    if clock is None:
        clock = PinnedClock(database) if settings.clock_control else SystemClock()
    runtime = Runtime(database, clock, services)
    rights = registry(settings)
    line = _line(settings, keyring)
    documents = DocumentStore(settings.documents_directory, keyring)
    effects: dict[str, Effect] = {
        "case.start": starts_cases(runtime),
        "case.tell": tells_cases(runtime),
        "work_items.put_back": puts_back_items(runtime),
        ERASE: erases(documents),
        "mail": SmtpMail(settings.mail, settings.mail_from) if settings.mail else captured,
        "sms": HttpSms(settings.sms_url) if settings.sms_url else captured,
        "face.ask": asks(settings, keyring),
        "line": LinePush(settings.line) if settings.line else captured,
        "line.event": answers_events(runtime, settings.base_url),
        "licence.look_up": looks_up_licences(licence_registry(settings)),
        "rights.look_up": looks_up(runtime, rights),
        **Provisioner(runtime, keyring, DropFolder(settings.drops_directory)).effects(),
    }
    return Product(
        settings,
        database,
        runtime,
        keyring,
        documents,
        effects,
        rights,
        line,
        _thaid(settings, keyring),
    )


def _thaid(settings: Settings, keyring: Keyring) -> Provider | None:
    """ThaID where it is set up, its stand-in in a demonstration, else none."""
    if not settings.thaid_issuer:
        return DemoThaid(keyring) if settings.demo else None
    asked = ThaidSettings(
        settings.thaid_issuer,
        settings.thaid_client_id,
        settings.thaid_client_secret,
        settings.thaid_scopes,
        settings.thaid_ial,
        settings.thaid_header,
    )
    return Thaid(asked)


def _line(settings: Settings, keyring: Keyring) -> Line | None:
    """The real LINE where its channel is set, the simulator in a demonstration, else none."""
    if settings.line:
        return Line(settings.line.secret, RealLogin(settings.line))
    if not settings.demo:
        return None
    simulated = SimulatedLogin(keyring)
    return Line(line_simulated.secret(keyring), simulated, simulated)
