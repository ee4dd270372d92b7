"""The command line: ``flask --app wsgi …``."""

from __future__ import annotations

import click
from flask import Flask

from app import cli_feel, cli_provisioning, cli_usage, preparation
from app.access import product
from app.demo import crowd, history
from workflows.commands.deploy_diagrams import DiagramsRejected
from workflows.queries import audit


def install(app: Flask) -> None:
    """Add the commands."""

    @app.cli.command("prepare")
    def prepare() -> None:
        """Migrate the database, enter reference data, deploy the diagrams; in a demonstration make the demo people
        and print them."""
        preparation.prepare(product())
        for line in preparation.introductions(product()):
            click.echo(line)

    @app.cli.command("deploy-diagrams")
    def deploy_diagrams() -> None:
        """Inspect and deploy bpmn/ and forms/; same content, no new version."""
        preparation.migrate(product())
        try:
            deployed = preparation.deploy(product())
        except DiagramsRejected as rejected:
            raise click.ClickException(f"{rejected.text.th}\n{rejected.text.en}") from None
        for one in deployed.definitions:
            click.echo(f"{'deployed ' if one.is_new else 'unchanged'} {one.kind} {one.id} v{one.version}")

    @app.cli.command("demo-crowd")
    @click.option("--cases", default=0, help="past requests over a year; with the worker stopped")
    def demo_crowd(cases: int) -> None:
        """In a demonstration: sixty organisations in all regions, four hundred invented people, past requests. Once."""
        if not product().settings.demo:
            raise click.ClickException("only in a demonstration (DEMO=1)")
        organisations, people = crowd.make(product())
        click.echo(f"{organisations} organisations and {people} people are new")
        past = history.Past(product(), cases)
        with click.progressbar(length=max(0, cases - past.next), label="past requests") as bar:
            while past.one():
                bar.update(1)
        past.close()

    app.cli.add_command(cli_feel.feel)
    app.cli.add_command(cli_usage.usage)
    app.cli.add_command(cli_provisioning.provisioning)

    audit_group = click.Group("audit", help="The audit chain.")
    app.cli.add_command(audit_group)

    @audit_group.command("verify")
    @click.option("--anchors", type=click.Path(exists=True), help="anchor file kept outside the database")
    def verify(anchors: str | None) -> None:
        """Check every chain; exits 1 and names the first bad event of each broken one."""
        with app.app_context(), product().runtime.reading() as db:
            result = audit.verify(db, product().keyring, anchors)
        for line in result.broken:
            click.echo(line, err=True)
        click.echo(f"{result.chains} chains, {result.events} events, {len(result.broken)} broken")
        if result.broken:
            raise SystemExit(1)

    @audit_group.command("anchor")
    @click.argument("file", type=click.Path())
    def anchor(file: str) -> None:
        """Append the heads of all chains to a file; keep it on another volume."""
        with app.app_context(), product().runtime.reading() as db:
            click.echo(f"{audit.anchor(db, product().keyring, file)} heads written")
