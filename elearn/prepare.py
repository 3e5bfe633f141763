"""`flask prepare`: what `make run` does before it serves; safe to repeat, quick when there is nothing to do."""

from __future__ import annotations

import click
from flask import Flask, current_app
from flask.cli import with_appcontext


@click.command()
@click.option("--address", default="", help="Address to print; the setting BASE_URL otherwise.")
@with_appcontext
def prepare(address: str) -> None:
    """Upgrade the database, load the content and, into an empty database only, the demo organisation."""
    from flask_migrate import upgrade

    from elearn.content.cli import load_content
    from elearn.demo.cli import load_if_empty, print_accounts

    upgrade()
    if not load_if_empty():
        load_content()
    print_accounts()
    click.secho(f"\n  {address or current_app.config['ELEARN'].base_url}\n", bold=True)


def init_prepare(app: Flask) -> None:
    """Register the command."""
    app.cli.add_command(prepare)
