"""What must be there before the first request: tables, reference data, calendar, diagrams, in a demo its people."""

from __future__ import annotations

from datetime import date
from hashlib import sha256
from pathlib import Path

from sqlalchemy import select

from app import migrate as migrations
from app.demo import load as demo
from app.demo.people import PASSWORD
from app.wiring import Product
from workflows.actor import DEPLOYER
from workflows.commands.amend_calendar import AmendCalendar, Day
from workflows.commands.deploy_diagrams import RELEASE, DeployDiagrams, Deployment
from workflows.records import Setting

ROOT = Path(__file__).resolve().parent.parent
FOLDERS = {"bpmn": ("*.bpmn", "*.dmn"), "forms": ("*.form",)}
FIRST_YEAR, LAST_YEAR = 2023, 2030


def prepare(product: Product) -> None:
    """Everything, in order; what is already there stays as it is."""
    migrate(product)
    calendar(product)
    demo.reference(product)
    deploy_release(product)
    if product.settings.demo:
        demo.people(product)


def introductions(product: Product) -> list[str]:
    """One line for each demo person, for whoever tries the product; nothing outside a demonstration."""
    if not product.settings.demo:
        return []
    people = [f"{username:<12} {who}" for username, who in demo.introductions()]
    return [*people, f"every password is {PASSWORD}"]


def migrate(product: Product) -> None:
    """Bring the tables to this release."""
    migrations.upgrade(product.settings.database_url)


def calendar(product: Product) -> None:
    """Enter the government holidays of the known years, once; afterwards the administrator keeps them."""
    with product.runtime.reading() as db:
        if db.execute(Setting.__table__.select().where(Setting.name == "calendar")).first():
            return
    from workflows.rules.calendar_import import government_holidays  # slow to load, and needed once in a lifetime

    rows = government_holidays(range(FIRST_YEAR, LAST_YEAR + 1))
    days = [Day(row.day, "holiday", row.name_th, row.name_en) for row in rows if row.day.weekday() < 5]
    known_range = date(FIRST_YEAR, 1, 1), date(LAST_YEAR, 12, 31)
    product.runtime.execute(AmendCalendar(days, "import", *known_range), DEPLOYER)


def deploy_release(product: Product) -> None:
    """Deploy the diagrams of this release once: what a process owner deployed since must survive a restart."""
    files = _files()
    digest = sha256(repr(sorted(files.items())).encode()).hexdigest()
    with product.runtime.reading() as db:
        last = db.execute(select(Setting.value).where(Setting.name == RELEASE)).scalars().first()
    if last is None or last["sha256"] != digest:
        product.runtime.execute(DeployDiagrams(files, digest), DEPLOYER)


def deploy(product: Product) -> Deployment:
    """Deploy the diagrams and forms of this release, whatever was deployed since."""
    return product.runtime.execute(DeployDiagrams(_files()), DEPLOYER)


def _files() -> dict[str, bytes]:
    return {
        path.name: path.read_bytes()
        for folder, patterns in FOLDERS.items()
        for pattern in patterns
        for path in sorted((ROOT / folder).glob(pattern))
    }
