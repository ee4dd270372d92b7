"""``flask usage``: last uses of accounts in target systems, from the command line."""

from __future__ import annotations

from typing import TextIO

import click
from flask.cli import with_appcontext

from app import usage_files
from app.access import product
from workflows.actor import DEPLOYER
from workflows.errors import FileRejected

usage = click.Group("usage", help="Last uses of accounts in target systems.")


@usage.command("import")
@click.argument("file", type=click.File("r", encoding="utf-8-sig"))
@with_appcontext
def take_over(file: TextIO) -> None:
    """Take over a CSV file with the columns username,system,at; exits 1 and names every line that is wrong."""
    try:
        done = usage_files.take_over(product(), DEPLOYER, file)
    except FileRejected as rejected:
        raise click.ClickException(rejected.text.en) from None
    for line, username, text in done.errors:
        click.echo(f"line {line}: {username}: {text.en}", err=True)
    click.echo(f"{done.taken} taken, {done.refused} refused")
    if done.refused:
        raise SystemExit(1)
