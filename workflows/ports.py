"""What the engine layer asks of the outside, and what an operator may see and leave behind. Plain values only."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any, Protocol

from workflows.actor import Actor
from workflows.errors import Text


class Lookups(Protocol):
    """Questions that a form rule or an operator may ask of the register. Read only; nothing here changes anything."""

    def unit(self, code: str) -> Mapping[str, Any] | None:
        """code, name, kind, province, region ("7"), supervisor (code or None) and its name, phone, email, whether it is
        active; or None."""
        ...

    def units(self, query: str, limit: int = 20) -> list[Mapping[str, Any]]:
        """Units whose code begins with, or whose name contains, the query."""
        ...

    def catalogue(self, unit_kind: str) -> list[Mapping[str, Any]]:
        """Systems and the roles open to a unit kind: [{system, name, owner, realm, roles: [{code, name, form, channel,
        single_holder}]}]. What is retired is left out. Roles of the channel ``smartcard`` are granted in rounds."""
        ...

    def account_of(self, pid: str, realm: str) -> Mapping[str, Any] | None:
        """The account of a person in a realm ("DC" or "NDC"): username, status, unit_code; None if there is none."""
        ...

    def accounts_of(self, *, pid: str = "", username: str = "", email: str = "") -> list[Mapping[str, Any]]:
        """The accounts of a person, of this name, or with this address; those that sign in here (DC) first. Each with
        username, realm, status, status_reason, title, first_name, last_name, position, unit_code, email, mobile, pid,
        password_void_at, reset_guard_until. For the eyes of the person and of those who answer for them only."""
        ...

    def grants_of(self, username: str) -> list[Mapping[str, Any]]:
        """What an account holds: system_code, role_code, unit_code."""
        ...

    def email_taken(self, email: str, pid: str) -> bool:
        """Whether the address belongs to an account of somebody else than the person with this PID."""
        ...

    def grant_holder(self, unit_code: str, role_code: str) -> Mapping[str, Any] | None:
        """Who holds a role that only one person of a unit may hold: username, masked_name; None if nobody does."""
        ...

    def is_head(self, pid: str, unit_code: str) -> bool:
        """Whether the person with this PID is a head of the unit."""
        ...

    def members(self, group: str) -> list[str]:
        """The user names of the active members of a group such as ``region_officer:7``."""
        ...

    def undecided(self, usernames: Sequence[str], pid: str) -> list[Mapping[str, Any]]:
        """The requests of these usernames or about this person that can still be withdrawn: case_id, process_id,
        number, oldest first."""
        ...

    def group_emails(self, group: str) -> list[str]:
        """The e-mail addresses of the active members of a group such as ``region_officer:7``, in a fixed order."""
        ...

    def grants_of_unit(self, unit_code: str) -> list[Mapping[str, Any]]:
        """Every role that somebody holds in the name of a unit, by person: username, name, position, email, is_head,
        role_code, role, system, granted_at, last_used_at (or None)."""
        ...

    def document(self, document_id: str) -> Mapping[str, Any] | None:
        """id, file_name, content_type, size, sha256, uploaded_by of a stored attachment; None if unknown."""
        ...

    def bundle(self, document_id: str) -> Mapping[str, Any] | None:
        """The list in an uploaded ZIP: unit_code, letter_id, rows [[row number, [cell]]]; None if it is no such ZIP."""
        ...

    def people(self, known_as: Sequence[tuple[str, str]], case_id: int) -> Mapping[str, Any]:
        """Of many (citizen ID, e-mail): accounts (the IDs with a DC account that is not cancelled), taken (addresses
        that belong to somebody else), waiting ({ID: number of another open bulk request that lists it})."""
        ...

    def lines(self, case_id: int) -> list[Mapping[str, Any]]:
        """The persons of a bulk request in their order: line, state, level, roles, systems, pid_index, pid_masked,
        reasons ({level or system: why}) and person (all that the list says of them)."""
        ...

    def seal(self, purpose: str, text: str) -> str:
        """A keyed digest (hex) of a short secret such as a one-time code; the same text gives the same digest."""
        ...

    def text(self, key: str) -> str:
        """An editable text of the administration (mail, SMS, agreement) in Thai; KeyError if there is none."""
        ...

    def round_schedules(self) -> list[Mapping[str, Any]]:
        """The schedules of rounds as they are kept (``workflows.records.RoundSchedule``)."""
        ...

    def round_lines(self, round_id: str) -> Mapping[str, int]:
        """How many lines of a round are in each state."""
        ...

    def round_line(self, case_id: int) -> str | None:
        """The state (of ``RoundMember``) of a case's line in the round it goes by now; None if it is in none."""
        ...

    def own_round_lines(self, round_id: str, actor: Actor) -> int:
        """How many approved lines of a round are requests of the actor or about them, which others must confirm."""
        ...

    def next_number(self, series: str, width: int = 6) -> str:
        """Draw the next running number of a series; gaps are allowed, repeats are not."""
        ...

    def standing(self, unit_code: str) -> Mapping[str, Any]:
        """Whether a unit may authenticate patients: registered_at, reactivated_at, active_until (or None each) and
        professions ([codes]) as it registered them. All empty for a unit that never registered."""
        ...

    def professions(self) -> list[Mapping[str, Any]]:
        """The kinds of innovation service that are in use: code, name, licensed_by."""
        ...

    def services(self, on: date) -> list[Mapping[str, Any]]:
        """The service codes that are valid on a day: code, name, level, visit_kind."""
        ...

    def rights_answer(self, answer_id: str, pid: str, asked_by: str) -> Mapping[str, Any] | None:
        """What the rights registry answered to somebody (an actor's id) about the person with this citizen ID: answer
        (as ``RightsRegistry.look_up`` gives it), source, asked_at, unit_code, case_id; None if there is no such."""
        ...

    def thaid_proof(self, unit_code: str, pid: str, on: datetime) -> Mapping[str, Any] | None:
        """The newest unused confirmation by ThaID of a person at a unit that is still good at a moment: id (int), name,
        pid_masked, ial, confirmed_at; None if there is none. The change ``thaid_proof.use`` {id} uses it up."""
        ...

    def authority(self, username: str) -> Mapping[str, Any]:
        """How an account came to be and for which units it acts in OSS: self_registered_at and thaid_verified_at (or
        None each), unit_code, units [{unit_code, role}] with the roles ``signatory`` and ``delegate``."""
        ...

    def innovation_unit(self, unit_code: str) -> Mapping[str, Any]:
        """What a unit registered: unit (the row of ``innovation_units``, or None) and personnel (the rows of
        ``unit_personnel`` that were not removed, with ``pid`` in clear). For the unit and its region only."""
        ...

    def endorsement_reasons(self) -> list[Mapping[str, Any]]:
        """Why somebody may answer for a patient: code, text, below_age (or None)."""
        ...

    def illnesses(self) -> list[Mapping[str, Any]]:
        """The common illnesses in use: code, name."""
        ...

    def claim(self, claim_code: str) -> Mapping[str, Any] | None:
        """The authentication with this claim code (``workflows.records.Authentication``) but for what is sealed; None
        if there is none."""
        ...

    def quota(self, unit_code: str, profession: str, month: str) -> Mapping[str, Any] | None:
        """The places of a profession at a unit in a month ("2026-11"): total, held, used; None: there is no limit."""
        ...

    def quota_hold(self, key: str) -> Mapping[str, Any] | None:
        """The place that is held or used under a key: unit_code, profession, month, state; None if there is none."""
        ...

    def line_proof(self, unit_code: str, pid: str, on: date) -> Mapping[str, Any] | None:
        """The newest unused scan of the unit's QR for this person on a day: id, relation (self, parent, child),
        service_code, scanned_at, scanned_by (masked); None if there is none."""
        ...

    def reading(self, reading_id: str) -> Mapping[str, Any] | None:
        """What a card bridge read: id (int), actor (who asked), unit_code, at, case_id (or None), card (as the bridge
        tells it: citizen_id, thai_name, birth …); None for an unknown id."""
        ...

    def open_code(self, unit_code: str, service_code: str, pid: str, on: date) -> str | None:
        """The claim code that a patient has open for a service at a unit on a day, if any."""
        ...

    def claim_code(self) -> str:
        """Draw a claim code: unique for ever, in an order nobody can guess; gaps are allowed, repeats are not."""
        ...

    def queue(self) -> QueueLookups:
        """What may be asked about queues that are booked ahead, and about people of LINE."""
        ...


class QueueLookups(Protocol):
    """Questions about booked queues. Read only."""

    def provinces(self, on: date) -> list[str]:
        """Provinces with a unit that serves patients on a day, in Thai order."""
        ...

    def units(self, on: date, province: str = "", profession: str = "") -> list[Mapping[str, Any]]:
        """Units that serve patients on a day: code, name, province; at most 300, by province and name."""
        ...

    def ranges(self, unit_code: str, profession: str, on: date, *, holiday: bool) -> list[list[list[str]]] | None:
        """Per person of the profession who serves at the unit on a day, the ranges of time [["08:30", "16:30"], …],
        perhaps none that day; None where the unit told of nobody."""
        ...

    def taken(self, unit_code: str, profession: str, on: date, now: datetime) -> Mapping[str, frozenset[int]]:
        """Which seats of which slot are held or booked; a hold that is over does not count."""
        ...

    def has_booking(self, pid: str, profession: str, on: date, case_id: int, now: datetime) -> bool:
        """Whether another case holds or booked a place for this person, profession and day."""
        ...

    def of_case(self, case_id: int) -> Mapping[str, Any] | None:
        """The booking of a case that is held, booked or arrived: the row, with pid, phone, token and line_to (the LINE
        userId or "") in clear; None if there is none."""
        ...

    def by_token(self, token: str) -> Mapping[str, Any] | None:
        """The booking with this token, as ``of_case`` gives it, whatever its state."""
        ...

    def people(self, actor: Actor) -> list[Mapping[str, Any]]:
        """For whom a person of LINE may act, themselves first: value ("self" or an id), relation, pid, pid_masked,
        name, phone (the account's), line_person_id. Empty for everybody else."""
        ...


class RightsRegistry(Protocol):
    """The registry of health-care rights, asked by the shell before a case begins: outside any transaction."""

    source: str
    """Which registry answers: ``demo``, or a host. People see it beside the answer."""

    def look_up(self, pid: str, on: date) -> Mapping[str, Any] | None:
        """What is known of a person on a day; None if nobody has this citizen ID.

        title, first_name, last_name, sex ("male", "female", "" unknown); birth_year (CE or None), birth_month,
        birth_day (None: unknown; the age is ``rules.rights.age_on``); address; main_class ("UCS"; "VAC": a vacant
        right), main_name, sub_class, sub_name, starts_on, ends_on (ISO or None), model; primary, regular, referral
        ({code, name} or None); flags (["face_problem", "vulnerable"]); quota_left ({profession: n}); abnormal_drugs
        [{gpu_id, fsn, units, days, visits, quantity, last_unit, last_on, last_quantity}]; not_told: which of these last
        three this registry says nothing about. Raises OSError when the registry does not answer.
        """
        ...


class LicenceRegistry(Protocol):
    """The professional councils' registry of licences, asked by the worker outside any transaction."""

    def is_known(self, profession: str, licence_number: str, pid: str) -> bool:
        """Whether a valid licence with this number is registered for the profession (its code) and the person. Raises
        OSError when the registry does not answer."""
        ...


class NeedsWriteLock(Exception):
    """A question can only be answered while holding the write lock; the runtime starts the command again with it."""


class NeedsCounters(NeedsWriteLock):
    """The claim codes this process has leased are used up; the runtime leases more and starts the command again."""


@dataclass(frozen=True, slots=True)
class Message:
    """Something to do or send after the commit: a row of the outbox.

    ``key`` makes the effect happen once: a second message with the same key is not stored. ``at`` delays it.
    ``task_id`` is set by the engine when the service task waits for the answer.
    """

    kind: str  # "mail", "sms" or the name of another effect
    payload: Mapping[str, Any]
    key: str
    at: datetime | None = None
    task_id: Any = None


@dataclass(frozen=True, slots=True)
class Change:
    """A plain value that the projection writes in the same transaction, e.g. ("account.create", {...})."""

    kind: str
    values: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Result:
    """What an operator gives back. ``wait`` leaves the task open until the outside world answers."""

    variables: Mapping[str, Any] = field(default_factory=dict)
    messages: tuple[Message, ...] = ()
    changes: tuple[Change, ...] = ()
    wait: bool = False


class BpmnError(Exception):
    """An operator's foreseen failure; the diagram catches it by its code at an error boundary event."""

    def __init__(self, code: str, text: Text, variables: Mapping[str, Any] | None = None) -> None:
        super().__init__(f"{code}: {text.en}")
        self.code = code
        self.text = text
        self.variables = dict(variables or {})


@dataclass(frozen=True, slots=True)
class Context:
    """What an operator and an expression may know about the moment they run in."""

    now: datetime
    actor: Actor
    lookups: Lookups
    case_id: int
    base_url: str = ""
    process_id: str = ""
    working_days: Any = None  # workflows.rules.working_days.Calendar
    notes: dict[str, Any] = field(default_factory=dict)  # of this run: what its changes will make of the register

    def after(self, **duration: int) -> datetime:
        return self.now + timedelta(**duration)


Operator = Callable[[Mapping[str, Any], Context], Result | Mapping[str, Any] | None]
OperatorTable = Mapping[str, Operator]
