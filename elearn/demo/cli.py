"""`flask demo load` and `flask demo accounts`."""

from __future__ import annotations

import sys

import click
from flask import current_app
from flask.cli import AppGroup
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn
from rich.table import Table

from elearn.config import Config
from elearn.content.cli import load_content
from elearn.core import clock
from elearn.demo import services
from elearn.demo.rules.places import FEWEST_UNITS, MOST_UNITS
from elearn.demo.services import STEPS, Size, accounts
from elearn.lib.errors import DomainError
from elearn.lib.numbers import format_number
from elearn.members.services.passwords import hash_password

group = AppGroup("demo", help="An invented organisation to try everything on.")

MEMBERS = 2000
SEED = 1


@group.command()
@click.option("--members", default=MEMBERS, show_default=True, type=click.IntRange(60, 1_000_000), help="People with accounts.")
@click.option(
    "--units", default=None, type=click.IntRange(FEWEST_UNITS, MOST_UNITS), help="Units; otherwise one for twenty people."
)
@click.option("--seed", default=SEED, show_default=True, type=int, help="The same seed makes the same organisation.")
def load(members: int, units: int | None, seed: int) -> None:
    """Make a province with people, courses under way, classes and a contest; refused where the database holds members."""
    try:
        services.refuse_unless_empty()
        _load(members, units, seed)
    except DomainError as refusal:
        click.secho(str(refusal), err=True, fg="red")
        click.echo("Muốn nạp lại, hãy dùng một thư mục dữ liệu trống (ELEARN_DATA_DIR).", err=True)
        sys.exit(1)
    print_accounts()


@group.command("accounts")
def show_accounts() -> None:
    """Print the sign-ins of the demo organisation again."""
    if not print_accounts():
        click.echo("Chưa nạp dữ liệu mẫu. Hãy chạy: flask demo load", err=True)
        sys.exit(1)


def load_if_empty() -> bool:
    """Load the organisation of the usual size where nobody has an account yet; return whether it was loaded."""
    if not services.is_empty():
        return False
    try:
        services.refuse_unless_empty()
    except DomainError:  # units of somebody's own: not a place for invented people
        return False
    _load(MEMBERS, None, SEED)
    return True


def print_accounts() -> bool:
    """Print the sign-ins where the demo organisation is loaded; return whether it is."""
    kept = accounts.read(_config().data_path)
    if kept is None:
        return False
    password, lines = kept
    table = Table(title="Tài khoản dùng thử", title_justify="left", box=None, pad_edge=False, header_style="bold")
    for name in ("Tên đăng nhập", "Vai trò", "Phạm vi"):
        table.add_column(name)
    for line in lines:
        table.add_row(*line)
    console = Console(highlight=False)
    console.print(table)
    console.print(f"Mật khẩu chung: [bold]{password}[/bold]", soft_wrap=True)
    return True


def _config() -> Config:
    config: Config = current_app.config["ELEARN"]
    return config


def default_units(members: int) -> int:
    """One unit for twenty people, within what the map can hold."""
    return max(FEWEST_UNITS, min(5000, members // 20))


def _load(members: int, units: int | None, seed: int) -> None:
    load_content(is_quiet=False)
    size = Size(members, units or default_units(members), seed)
    columns = (TextColumn("{task.description:<24}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(*columns, console=Console(stderr=True)) as progress:
        tasks = {step: progress.add_task(step, total=None, start=False) for step in STEPS}

        def tell(step: str, done: int, total: int) -> None:
            progress.start_task(tasks[step])
            progress.update(tasks[step], completed=done, total=total)

        password = accounts.choose_password(_config().demo_password)
        loaded = services.load_demo(size, hash_password(password), clock.now(), tell)
    accounts.keep(_config().data_path, password, accounts.rows())
    units_now, people, attempts = (format_number(number) for number in (loaded.units, loaded.members, loaded.attempts))
    click.echo(f"{units_now} đơn vị, {people} thành viên, {attempts} lượt làm bài.")
