"""``flask provisioning``: comparing target systems with the register, from the command line."""

from __future__ import annotations

from typing import TextIO

import click
from flask.cli import with_appcontext

from app import actuals
from app.access import product
from app.adapters.provisioning import settle
from workflows.actor import WORKER
from workflows.clock import bangkok_date, real_now
from workflows.commands.ask_comparisons import AskComparisons
from workflows.errors import SitthiError

provisioning = click.Group("provisioning", help="Grants in the target systems.")


@provisioning.command("compare")
@click.argument("system", required=False)
@click.option("--actual", type=click.File("r", encoding="utf-8-sig"), help="CSV with the columns username,role")
@with_appcontext
def compare(system: str | None, actual: TextIO | None) -> None:
    """Ask the worker to compare all systems that speak SCIM, or SYSTEM; with a file of what is there, compare now."""
    runtime = product().runtime
    day = bangkok_date(runtime.clock.now())
    if actual is None:
        asked = runtime.execute(AskComparisons(day, system, real_now().isoformat()), WORKER)
        click.echo(f"{asked} systems are asked")
        return
    if system is None:
        raise click.UsageError("name the SYSTEM of the file")
    try:
        click.echo(f"{settle(runtime, system, actuals.read(actual), day)} differences")
    except SitthiError as error:
        raise click.ClickException(error.text.en) from None
