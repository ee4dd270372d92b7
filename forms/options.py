"""The options of a choice: written in the form, kept in a variable, or computed from them and from the register."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, datetime, timedelta
from decimal import Decimal
from functools import cache
from typing import Any, NamedTuple

import msgspec

from forms.conditions import Evaluator
from forms.schema import Component
from workflows import feel
from workflows.actor import Actor
from workflows.clock import bangkok_date
from workflows.ports import Lookups
from workflows.rules import oss, places, thai_dates
from workflows.rules.booking_slots import DAYS_AHEAD

MOST_OPTIONS = 2_000


class Option(NamedTuple):
    """One thing to choose. ``key`` is what is posted, ``value`` what is answered, ``label`` what is read."""

    key: str
    value: Any
    label: str


def options_of(component: Component, scope: Mapping[str, Any], evaluator: Evaluator, language: str) -> list[Option]:
    """The options as they are now; duplicates and things that are no option are left out."""
    raw = component.raw
    if raw.get("valuesExpression"):
        found = evaluator.json(raw["valuesExpression"], scope)
    elif raw.get("valuesKey"):
        found = _at(scope, str(raw["valuesKey"]).split("."))
    else:
        found = raw.get("values")
    options: dict[str, Option] = {}
    for item in found[:MOST_OPTIONS] if isinstance(found, list) else []:
        value, label = _value_and_label(item, language)
        if value is not None:
            options.setdefault(option_key(value), Option(option_key(value), value, label))
    return list(options.values())


def option_key(value: Any) -> str:
    """What a browser posts for an option value that need not be text."""
    return value if isinstance(value, str) else msgspec.json.encode(value).decode()


def register_functions(lookups: Lookups, now: Callable[[], datetime]) -> dict[str, Callable[..., Any]]:
    """Questions to the register that a form may ask in FEEL, each asked once per form:

    ``find_unit(code)`` and ``find_units(text)`` as the register knows them, ``system_options(unit kind)`` and
    ``role_options(unit kind)``, ``role_options(unit kind, system)`` or ``role_options(unit kind, system, channel)`` as
    ready options ``{value, label}`` with the system and form number of each role. The channel is ``regular`` unless
    given, ``smartcard``, or ``all``. For bookings: ``booking_professions()``, and on a day (``today()``)
    ``booking_provinces(day)``, ``booking_units(day, province, profession)`` and ``booking_days(day)``. For the desk:
    ``unit_options(codes)``, ``service_options()`` of today, ``profession_options(unit codes)`` that those units
    registered, ``endorsement_options(age)``, ``illness_options()``.
    ``licensed_profession_options()`` and ``registration_type_options()`` are those of personnel;
    ``seat_distance(province, latitude, longitude)`` gives kilometres from the seat of a province, or null.
    """

    asked: dict[tuple[Callable[[str], Any], str], Any] = {}
    professions = cache(lambda: lookups.professions())
    services_of = cache(lambda day: lookups.services(day))

    def ask(question: Callable[[str], Any], about: Any, nothing: Any) -> Any:
        if not isinstance(about, str):
            return nothing
        if (question, about) not in asked:
            asked[question, about] = question(about)
        return asked[question, about]

    def find_unit(code: Any) -> Any:
        return ask(lookups.unit, code, None)

    def find_units(text: Any) -> Any:
        return ask(lookups.units, text, [])

    def catalogue(kind: Any) -> list[Mapping[str, Any]]:
        found: list[Mapping[str, Any]] = ask(lookups.catalogue, kind, [])
        return found

    def system_options(kind: Any) -> list[dict[str, Any]]:
        regular = (each for each in catalogue(kind) if any(of_channel(role, "regular") for role in each["roles"]))
        return [{"value": each["system"], "label": each["name"]} for each in regular]

    def role_options(kind: Any, system: Any = None, channel: Any = None) -> list[dict[str, Any]]:
        return [
            {
                "value": str(role["code"]),
                "label": f"{role['code']} {role['name']} · {each['name']}",
                "system": each["system"],
                "form": role.get("form"),
            }
            for each in catalogue(kind)
            if system is None or each["system"] == system
            for role in each["roles"]
            if of_channel(role, channel or "regular")
        ]

    def licensed_profession_options() -> list[dict[str, Any]]:
        return [{"value": each["code"], "label": each["name"]} for each in lookups.professions()]

    def registration_type_options() -> list[dict[str, Any]]:
        return [{"value": kind, "label": name} for kind, name in oss.REGISTRATION_TYPES.items()]

    def seat_distance(province: Any, latitude: Any, longitude: Any) -> float | None:
        numbers = [float(each) for each in (latitude, longitude) if isinstance(each, int | float | Decimal)]
        return places.from_seat(str(province), *numbers) if len(numbers) == 2 else None

    def of_channel(role: Mapping[str, Any], channel: str) -> bool:
        return channel in ("all", role.get("channel", "regular"))

    def booking_professions() -> list[dict[str, Any]]:
        return [{"value": each["code"], "label": each["name"]} for each in professions()]

    def booking_provinces(on: Any = None) -> list[str]:
        day = _day(on)
        return lookups.queue().provinces(day) if day else []

    def booking_units(on: Any, province: Any = None, profession: Any = None) -> list[dict[str, Any]]:
        day = _day(on)
        found = lookups.queue().units(day, _text(province), _text(profession)) if day else []
        return [
            {"value": each["code"], "label": f"{each['name']} ({each['code']}) · {each['province']}"} for each in found
        ]

    def booking_days(on: Any) -> list[dict[str, Any]]:
        day = _day(on)
        days = [day + timedelta(days=number) for number in range(DAYS_AHEAD)] if day else []
        return [
            {
                "value": each.isoformat(),
                "label": thai_dates.long(each, weekday=True),
                "label_en": thai_dates.long(each, "en", weekday=True),
            }
            for each in days
        ]

    def unit_options(codes: Any) -> list[dict[str, Any]]:
        units = (find_unit(code) for code in codes if isinstance(codes, list))
        return [{"value": unit["code"], "label": f"{unit['code']} {unit['name']}"} for unit in units if unit]

    def service_options() -> list[dict[str, Any]]:
        found = services_of(bangkok_date(now()))
        return [{"value": each["code"], "label": f"{each['code']} {each['name']}"} for each in found]

    def profession_options(codes: Any) -> list[dict[str, Any]]:
        standing = [ask(lookups.standing, code, {}) for code in codes] if isinstance(codes, list) else []
        registered = {code for each in standing for code in each.get("professions", ())}
        return [
            {"value": each["code"], "label": each["name"]}
            for each in (professions() if registered else ())
            if each["code"] in registered
        ]

    def endorsement_options(age: Any) -> list[dict[str, Any]]:
        return [
            {"value": each["code"], "label": each["text"]}
            for each in lookups.endorsement_reasons()
            if each["below_age"] is None or (isinstance(age, int | Decimal) and age < each["below_age"])
        ]

    def illness_options() -> list[dict[str, Any]]:
        return [{"value": each["code"], "label": each["name"]} for each in lookups.illnesses()]

    return {
        "booking_professions": booking_professions,
        "booking_provinces": booking_provinces,
        "booking_units": booking_units,
        "booking_days": booking_days,
        "unit_options": unit_options,
        "service_options": service_options,
        "profession_options": profession_options,
        "endorsement_options": endorsement_options,
        "illness_options": illness_options,
        "find_unit": find_unit,
        "find_units": find_units,
        "system_options": system_options,
        "role_options": role_options,
        "licensed_profession_options": licensed_profession_options,
        "registration_type_options": registration_type_options,
        "seat_distance": seat_distance,
    }


def for_actor(env: feel.Environment, actor: Actor) -> feel.Environment:
    """The environment of somebody who fills in a form, with a question about them: ``my_units(role)`` gives the codes
    of the units where they have this role."""

    def my_units(role: Any) -> list[str]:
        return sorted(group.partition(":")[2] for group in actor.groups if group.startswith(f"{role}:"))

    return feel.Environment(env.now, env.budget, {**env.functions, "my_units": my_units}, env.working_days)


def with_register(env: feel.Environment, lookups: Lookups) -> feel.Environment:
    """The environment of a form: the caller's, with the questions to the register added."""
    functions = {**register_functions(lookups, env.now), **env.functions}
    return feel.Environment(env.now, env.budget, functions, env.working_days)


def _day(value: Any) -> date | None:
    """A FEEL date, or a day as ISO text; None for anything else."""
    written = feel.to_json(value)
    try:
        return date.fromisoformat(written) if isinstance(written, str) else None
    except ValueError:
        return None


def _text(value: Any) -> str:
    return value if isinstance(value, str) else ""


def _value_and_label(item: Any, language: str) -> tuple[Any, str]:
    if not isinstance(item, Mapping):
        return item, option_key(item)
    value = item.get("value")
    label = (item.get("label_en") if language == "en" else None) or item.get("label")
    return value, str(label) if label is not None else option_key(value)


def _at(scope: Any, keys: list[str]) -> Any:
    for key in keys:
        scope = scope.get(key) if isinstance(scope, Mapping) else None
    return scope
