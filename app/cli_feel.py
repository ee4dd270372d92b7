"""``flask feel``: try an expression as diagrams, tables and forms would evaluate it."""

from __future__ import annotations

import json
from typing import IO, Any

import click
from flask.cli import with_appcontext
from sqlalchemy.exc import SQLAlchemyError

from app.access import product
from workflows.clock import BANGKOK, real_now
from workflows.errors import SitthiError
from workflows.feel import Environment, compile_expression, compile_unary_tests, to_feel_string, to_json


@click.command("feel")
@click.argument("source")
@click.option("--context", type=click.File("rb"), help="A JSON object: the variables.")
@click.option("--json", "as_json", is_flag=True, help="Print the result as JSON.")
@click.option("--unary", metavar="VALUE", help="SOURCE is a cell of a decision table; is this FEEL value accepted?")
@with_appcontext
def feel(source: str, context: IO[bytes] | None, as_json: bool, unary: str | None) -> None:
    """Evaluate the FEEL expression SOURCE (an "=" in front does no harm) and print what it gives.

    Exits 1 with the error in Thai and English, line and character, if it cannot be compiled or evaluated.
    """
    scope = _variables(context)
    try:
        environment = _environment()
        compiled = (compile_expression if unary is None else compile_unary_tests)(_bare(source), scope)
        if unary is not None:
            scope["?"] = compile_expression(_bare(unary), scope).evaluate(scope, environment)
        value = compiled.evaluate(scope, environment)
        shown = json.dumps(to_json(value), ensure_ascii=False) if as_json else to_feel_string(value, quoted=True)
    except SitthiError as error:
        raise click.ClickException(f"{error.text.th}\n{error.text.en}") from None
    click.echo(shown)


def _variables(context: IO[bytes] | None) -> dict[str, Any]:
    try:
        found = {} if context is None else json.load(context)
    except (ValueError, RecursionError) as error:
        raise click.BadParameter(f"not JSON: {error}", param_hint="--context") from None
    if not isinstance(found, dict):
        raise click.BadParameter("not a JSON object", param_hint="--context")
    return found


def _bare(source: str) -> str:
    return source.strip().removeprefix("=")


def _environment() -> Environment:
    """The product's; without a database a clock only, so that counting working days says what it lacks."""
    try:
        return product().feel()
    except SQLAlchemyError:
        return Environment(lambda: real_now().astimezone(BANGKOK))
