"""Settings: everything the environment may say, typed and checked once at the start."""

from __future__ import annotations

import contextlib
import os
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import parse_qs, unquote, urlsplit

ROOT = Path(__file__).resolve().parent


class BadSettings(SystemExit):
    """The program cannot start with these settings; the message names each and says what to do."""

    def __init__(self, problems: list[str]) -> None:
        self.problems = problems
        super().__init__("sitthi cannot start:\n" + "\n".join(f"  - {problem}" for problem in problems))


@dataclass(frozen=True, slots=True)
class MailServer:
    """Where mail goes: host, port, credentials, whether STARTTLS is demanded."""

    host: str
    port: int
    user: str = ""
    password: str = ""
    starttls: bool = False


@dataclass(frozen=True, slots=True)
class LineChannel:
    """The official LINE account: secret and token of its Messaging API channel, id and secret of its login channel."""

    secret: str
    token: str
    login_id: str
    login_secret: str
    api_url: str = "https://api.line.me"
    authorize_url: str = "https://access.line.me/oauth2/v2.1/authorize"


@dataclass(frozen=True, slots=True)
class Settings:
    """One installation. Built by :meth:`from_env`; see README for what each variable means."""

    port: int = 8000
    database_url: str = "sqlite:///var/sitthi.db"
    secret_key: str = ""
    demo: bool = False
    clock_control: bool = False
    mail: MailServer | None = None
    mail_from: str = "no-reply@sitthi.example"
    sms_url: str = ""
    web_workers: int = 2
    base_url: str = ""
    data_directory: Path = ROOT / "var"
    secure_cookies: bool = False
    card_bridge_url: str = "http://127.0.0.1:28189"
    puzzle_bits: int = 17
    demo_history: int = 0
    line: LineChannel | None = None
    rights_url: str = ""
    rights_token: str = ""
    licence_url: str = ""
    licence_token: str = ""
    thaid_issuer: str = ""
    thaid_client_id: str = ""
    thaid_client_secret: str = ""
    thaid_scopes: str = "openid pid title given_name family_name birthdate ial"
    thaid_ial: str = ""
    thaid_header: str = ""
    face_url: str = ""
    face_key: str = ""
    api_calls_per_minute: int = 1200
    webhook_failing_days: int = 3

    @property
    def documents_directory(self) -> Path:
        """Where uploaded files lie, sealed; never below the web root."""
        return self.data_directory / "documents"

    @property
    def drops_directory(self) -> Path:
        """Where files for target systems without an interface are dropped."""
        return self.data_directory / "provisioning"

    @classmethod
    def from_env(cls, environ: Mapping[str, str] = os.environ) -> Settings:
        """Read and check the environment. Raises BadSettings naming every problem at once."""
        problems: list[str] = []
        demo = _flag(environ, "DEMO", problems)
        clock_control = _flag(environ, "CLOCK_CONTROL", problems)
        if clock_control and not demo:
            problems.append("CLOCK_CONTROL=1 needs DEMO=1: nobody may move the clock of a real installation")
        port = _number(environ, "PORT", 8000, 1, 65535, problems)
        workers = _number(environ, "WEB_WORKERS", 2, 1, 64, problems)
        puzzle_bits = _number(environ, "PUZZLE_BITS", 17, 0, 26, problems)
        database_url = environ.get("DATABASE_URL", "sqlite:///var/sitthi.db")
        if not database_url.startswith(("sqlite:///", "postgresql+psycopg://")):
            problems.append("DATABASE_URL must begin with sqlite:/// or postgresql+psycopg://")
        sms_url = _address(environ, "SMS_URL", problems)
        base_url = environ.get("BASE_URL", f"http://127.0.0.1:{port}").rstrip("/")
        data_directory = Path(environ.get("DATA_DIR", str(ROOT / "var"))).resolve()
        card_bridge_url = environ.get("CARD_BRIDGE_URL", "http://127.0.0.1:28189")
        if urlsplit(card_bridge_url).hostname not in ("127.0.0.1", "localhost"):
            problems.append("CARD_BRIDGE_URL must be an address of the clinic's own PC, such as http://127.0.0.1:28189")
        rights_url = _address(environ, "RIGHTS_URL", problems)
        if rights_url and not environ.get("RIGHTS_TOKEN"):
            problems.append("RIGHTS_URL needs RIGHTS_TOKEN: the token with which the registry of rights is asked")
        face_url = _address(environ, "FACE_URL", problems)
        face_key = environ.get("FACE_KEY", "")
        if face_url and len(face_key) < 32:
            problems.append("FACE_URL needs FACE_KEY: the secret shared with the face verification app, 32 characters")
        line = _line(environ, problems)
        licence_url = _address(environ, "LICENCE_URL", problems)
        if licence_url and not environ.get("LICENCE_TOKEN"):
            problems.append("LICENCE_URL needs LICENCE_TOKEN: the token with which the registry of licences is asked")
        thaid = _thaid(environ, problems)
        demo_history = _number(environ, "DEMO_HISTORY", 0, 0, 100_000, problems)
        api_calls = _number(environ, "API_CALLS_PER_MINUTE", 1200, 1, 1_000_000, problems)
        failing_days = _number(environ, "WEBHOOK_FAILING_DAYS", 3, 1, 30, problems)
        mail = _mail(environ.get("MAIL_URL", ""), problems)
        secret_key = environ.get("SECRET_KEY", "")
        if not secret_key and demo:
            secret_key = _kept_secret(data_directory / "secret_key")
        if not secret_key:
            problems.append("SECRET_KEY is required: at least 32 random characters, kept safe; or DEMO=1 to try out")
        elif len(secret_key) < 32:
            problems.append("SECRET_KEY is too short: at least 32 random characters")
        if problems:
            raise BadSettings(problems)
        return cls(
            port,
            database_url,
            secret_key,
            demo,
            clock_control,
            mail,
            environ.get("MAIL_FROM", "no-reply@sitthi.example"),
            sms_url,
            workers,
            base_url,
            data_directory,
            base_url.startswith("https://"),
            card_bridge_url,
            puzzle_bits,
            demo_history=demo_history,
            line=line,
            rights_url=rights_url,
            rights_token=environ.get("RIGHTS_TOKEN", ""),
            licence_url=licence_url,
            licence_token=environ.get("LICENCE_TOKEN", ""),
            **thaid,
            face_url=face_url,
            face_key=face_key,
            api_calls_per_minute=api_calls,
            webhook_failing_days=failing_days,
        )


def _thaid(environ: Mapping[str, str], problems: list[str]) -> dict[str, str]:
    """How ThaID is asked; nothing without THAID_ISSUER."""
    issuer = _address(environ, "THAID_ISSUER", problems)
    if not issuer:
        return {}
    missing = [name for name in ("THAID_CLIENT_ID", "THAID_CLIENT_SECRET") if not environ.get(name)]
    if missing:
        problems.append(f"THAID_ISSUER needs {' and '.join(missing)}: what ThaID gave this service")
    least = environ.get("THAID_IAL", "")
    if not all(part.isascii() and part.isdigit() for part in least.split(".") if least):
        problems.append(f"THAID_IAL must be a level such as 2.3, not {least!r}")
    found = {
        "thaid_issuer": issuer,
        "thaid_client_id": environ.get("THAID_CLIENT_ID", ""),
        "thaid_client_secret": environ.get("THAID_CLIENT_SECRET", ""),
        "thaid_ial": least,
        "thaid_header": environ.get("THAID_HEADER", ""),
    }
    if environ.get("THAID_SCOPES"):
        found["thaid_scopes"] = environ["THAID_SCOPES"]
    return found


def _flag(environ: Mapping[str, str], name: str, problems: list[str]) -> bool:
    value = environ.get(name, "0")
    if value not in ("0", "1"):
        problems.append(f"{name} must be 0 or 1, not {value!r}")
    return value == "1"


def _address(environ: Mapping[str, str], name: str, problems: list[str]) -> str:
    value = environ.get(name, "")
    if value and not (value.startswith(("http://", "https://")) and urlsplit(value).hostname):
        problems.append(f"{name} must be an http:// or https:// address")
    return value


def _number(environ: Mapping[str, str], name: str, default: int, low: int, high: int, problems: list[str]) -> int:
    value = environ.get(name, str(default))
    if not value.isascii() or not value.isdigit() or not low <= int(value) <= high:
        problems.append(f"{name} must be a whole number from {low} to {high}, not {value!r}")
        return default
    return int(value)


_LINE = ("LINE_CHANNEL_SECRET", "LINE_CHANNEL_TOKEN", "LINE_LOGIN_ID", "LINE_LOGIN_SECRET")


def _line(environ: Mapping[str, str], problems: list[str]) -> LineChannel | None:
    """The LINE account, where its four settings are given; two addresses lead elsewhere for trials."""
    given = {name: environ.get(name, "") for name in _LINE}
    missing = [name for name, value in given.items() if not value]
    api, login = _address(environ, "LINE_API_URL", problems), _address(environ, "LINE_AUTHORIZE_URL", problems)
    if len(missing) == len(_LINE):
        return None
    if missing:
        problems.append(f"{', '.join(missing)} missing: LINE needs all of {', '.join(_LINE)}, or none")
        return None
    where = {"api_url": api.rstrip("/"), "authorize_url": login}
    return LineChannel(*given.values(), **{name: address for name, address in where.items() if address})


def _mail(url: str, problems: list[str]) -> MailServer | None:
    if not url:
        return None
    parts = urlsplit(url)
    try:
        port = parts.port
    except ValueError:
        port = None
    if parts.scheme != "smtp" or not parts.hostname or port is None:
        problems.append("MAIL_URL must look like smtp://[user:password@]host:port[?starttls=1]")
        return None
    starttls = parse_qs(parts.query).get("starttls", ["0"])[0] == "1"
    return MailServer(parts.hostname, port, unquote(parts.username or ""), unquote(parts.password or ""), starttls)


def _kept_secret(path: Path) -> str:
    """The secret of a demonstration: made once and kept beside its database. Safe when two processes start at once."""
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        fresh = path.with_name(f"{path.name}.{os.getpid()}")
        fresh.touch(0o600)
        fresh.write_text(secrets.token_hex(32))
        with contextlib.suppress(FileExistsError):
            os.link(fresh, path)
        fresh.unlink()
    return path.read_text().strip()
