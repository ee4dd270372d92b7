"""Entering reference data and the demo people through the commands everything else uses."""

from __future__ import annotations

from app import passwords
from app.demo import catalogue, contacts, organisations, schedules, services, texts
from app.demo.people import PASSWORD, PEOPLE
from app.wiring import Product
from workflows.actor import DEPLOYER
from workflows.commands.enrol_people import Enrolled, EnrolPeople
from workflows.commands.load_reference import LoadReference
from workflows.records import Account


def reference(product: Product) -> None:
    """Regions, catalogue, texts and schedules of rounds; what is there already stays as the administration made it."""
    demo = product.settings.demo
    rows = LoadReference(
        organisations=[
            each._asdict() for each in ((*organisations.NHSO, *organisations.DEMO) if demo else organisations.NHSO)
        ],
        systems=[each._asdict() for each in catalogue.SYSTEMS],
        roles=[{**each._asdict(), "unit_kinds": list(each.unit_kinds)} for each in catalogue.ROLES],
        texts=[{"key": key, "body": body} for key, body in texts.texts().items()],
        contacts=contacts.contacts() if demo else (),
        schedules=schedules.SCHEDULES,
        services=services.SERVICES,
        professions=services.PROFESSIONS,
        reasons=services.REASONS,
        illnesses=services.ILLNESSES,
        innovation_units=services.UNITS if demo else (),
    )
    product.runtime.execute(rows, DEPLOYER)


def people(product: Product) -> None:
    """The demo people of the contract, once."""
    with product.runtime.reading() as db:
        known = set(db.execute(Account.__table__.select().with_only_columns(Account.username)).scalars())
    if known >= {person.username for person in PEOPLE}:
        return
    password_hash = passwords.hashed(PASSWORD)
    enrolled = [
        Enrolled(
            person.username,
            person.pid,
            person.title,
            person.first_name,
            person.last_name,
            person.position,
            person.unit_code,
            person.email,
            person.mobile,
            password_hash,
            person.memberships,
            person.grants,
            person.in_oss,
        )
        for person in PEOPLE
    ]
    product.runtime.execute(EnrolPeople(enrolled), DEPLOYER)


def introductions() -> list[tuple[str, str]]:
    """(username, who) of every demo person, for those who try the product."""
    names = {each.code: each.name for each in (*organisations.NHSO, *organisations.DEMO)}
    return [
        (person.username, f"{person.position} · {names.get(person.unit_code, person.unit_code)}") for person in PEOPLE
    ]
