"""`flask questions import`, `export`, `lint`, `reindex`."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any, NoReturn

import click
from flask.cli import AppGroup
from rich.console import Console
from rich.table import Table

from elearn.core import clock
from elearn.lib.errors import DomainError, InvalidInput
from elearn.lib.periods import local_day
from elearn.questions.queries import Filters, checking
from elearn.questions.queries import exports as found
from elearn.questions.queries.imports import bank_by_code
from elearn.questions.rules.files import FORMATS
from elearn.questions.rules.linting import RULES, TENDENCIES
from elearn.questions.rules.staging import Doubt
from elearn.questions.rules.telling import told
from elearn.questions.services import importing, reindex_questions

group = AppGroup("questions", help="Questions: files in and out.")
SYSTEM = (None, "Dòng lệnh")
SHOWN = 200


@group.command("import")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--bank", "bank_code", required=True, help="Code of the bank.")
@click.option("--format", "key", default="", help="Key of the file format; recognised by the content otherwise.")
@click.option("--dry-run", is_flag=True, help="Only read and judge; nothing is written.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object and nothing else.")
def import_questions(file: Path, bank_code: str, key: str, dry_run: bool, as_json: bool) -> None:
    """Bring the questions of a file into a bank, as drafts; those that have to be mended are left out and told."""
    answer: dict[str, Any] = {"format": key, "questions": [], "problems": [], "imported": 0, "skipped": 0}
    try:
        bank = bank_by_code(bank_code)
        if bank is None:
            raise DomainError("no_bank", "Không có ngân hàng nào với mã %(bank)s.", bank=bank_code)
        data, bank_id = file.read_bytes(), bank.id
        answer["format"] = importing.format_of_file(data, file.name, key).key
        form, reading = importing.read_questions(data, file.name, answer["format"])
        answer["questions"] = [told(draft) for draft in reading.drafts]
        brought = importing.bring(reading, form, bank_id, file.name, SYSTEM, clock.now, dry_run)
    except InvalidInput as refusal:
        _refuse(answer, importing.doubts_of_refusal(refusal), str(refusal), as_json)
    except DomainError as refusal:
        _refuse(answer, [Doubt(0, "error", refusal.message, {"bank": bank_code})], str(refusal), as_json)
    answer |= {"imported": brought.imported, "skipped": brought.skipped, "problems": _told(brought.doubts)}
    if as_json:
        click.echo(json.dumps(answer, ensure_ascii=False))
    else:
        _show(brought.doubts)
        taken = brought.ready if dry_run else brought.imported
        click.echo(
            f"{form.name}: {len(reading.drafts)} câu, {'sẽ nhập' if dry_run else 'đã nhập'} {taken}, để lại {brought.skipped}."
        )
    if brought.all_wrong:
        sys.exit(1)


def _told(doubts: list[Doubt]) -> list[dict[str, Any]]:
    return [{"line": one.line, "severity": one.severity, "message": one.said()} for one in doubts]


def _refuse(answer: dict[str, Any], doubts: list[Doubt], words: str, as_json: bool) -> NoReturn:
    """End with the reason: as JSON on the output, in words beside it."""
    if as_json:
        click.echo(json.dumps({**answer, "problems": _told(doubts)}, ensure_ascii=False))
    else:
        _show(doubts)
    click.secho(words, err=True, fg="red")
    sys.exit(1)


def _show(doubts: list[Doubt]) -> None:
    if not doubts:
        return
    words = {"error": "phải sửa", "warning": "xem lại", "info": "ghi chú"}
    table = Table("Dòng", "Mức", "Nội dung", box=None)
    table.columns[0].justify = "right"
    for one in doubts[:SHOWN]:
        table.add_row(str(one.line or ""), words[one.severity], one.said())
    Console(highlight=False, soft_wrap=True).print(table)
    if len(doubts) > SHOWN:
        click.echo(f"… và {len(doubts) - SHOWN} chỗ khác.")


@group.command("export")
@click.option("--bank", "bank_code", required=True, help="Code of the bank.")
@click.option("--format", "key", required=True, help="Key of the file format.")
@click.option("--output", type=click.Path(dir_okay=False, path_type=Path), help="File to write; standard output otherwise.")
def export_questions(bank_code: str, key: str, output: Path | None) -> None:
    """Write the questions of a bank into a file; those that the format cannot say are left out and told."""
    try:
        bank = bank_by_code(bank_code)
        if bank is None:
            raise DomainError("no_bank", "Không có ngân hàng nào với mã %(bank)s.", bank=bank_code)
        if key not in FORMATS or not FORMATS[key].writes:
            known = ", ".join(form.key for form in FORMATS if form.writes)
            raise InvalidInput(
                "unknown_format", "Chưa ghi được định dạng “%(key)s”. Các định dạng: %(known)s.", "format", key=key, known=known
            )
        form, today = FORMATS[key], local_day(clock.now())
        fit = found.fit_of(form, found.count_types(bank.id, Filters(), today, 0))
        if not fit.written:
            raise DomainError("nothing", "Không có câu nào để ghi ra định dạng này.")
        content = form.write(found.list_drafts(bank.id, form, Filters(), today, 0))
    except DomainError as refusal:
        click.secho(str(refusal), err=True, fg="red")
        sys.exit(1)
    for name, count in fit.left_out:
        click.echo(f"Để lại {count} câu loại “{name}”: định dạng này không ghi được.", err=True)
    if output is None:
        click.echo(content, nl=False)
    else:
        output.write_bytes(content)
        click.echo(f"Đã ghi {min(fit.written, found.MOST)} câu vào {output}.", err=True)


@group.command("lint")
@click.option("--bank", "bank_code", required=True, help="Code of the bank.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object and nothing else.")
def lint(bank_code: str, as_json: bool) -> None:
    """Tell what the linter's rules say of a bank. Exit status 1 only where there is no such bank: findings are advice, no fault."""
    bank = bank_by_code(bank_code)
    if bank is None:
        refusal = DomainError("no_bank", "Không có ngân hàng nào với mã %(bank)s.", bank=bank_code)
        if as_json:
            click.echo(json.dumps({"error": refusal.code, "message": str(refusal)}, ensure_ascii=False))
        else:
            click.secho(str(refusal), err=True, fg="red")
        sys.exit(1)
    report = checking.lint_report(bank.id, local_day(clock.now()))
    if as_json:
        findings = [
            {"question": name, "rule": rule, **values} for name, said in report.questions.items() for rule, values in said.items()
        ]
        tendencies = [{"rule": rule, **values} for rule, values in report.tendencies.items()]
        counts = dict(sorted(report.counts.items()))
        answer = {"bank": bank_code, "questions": report.total, "counts": counts, "findings": findings, "tendencies": tendencies}
        click.echo(json.dumps(answer, ensure_ascii=False))
        return
    for rule, values in report.tendencies.items():
        click.echo(f"{TENDENCIES[rule].name}: {TENDENCIES[rule].words % values}")
    for name, said in report.questions.items():
        for rule, values in said.items():
            click.echo(f"{name}: {RULES[rule].words % values}")
    click.echo(f"{report.total} câu, {sum(report.counts.values())} điều nên xem lại ở {len(report.questions)} câu.")


@group.command("reindex")
@click.option("--bank", "bank_code", default="", help="Code of the one bank; all of them otherwise.")
def reindex(bank_code: str) -> None:
    """Work out anew the words for search, the sketches and the findings: after an upgrade, or when a rule of the linter has changed."""
    bank = bank_by_code(bank_code) if bank_code else None
    if bank_code and bank is None:
        click.secho(f"Không có ngân hàng nào với mã {bank_code}.", err=True, fg="red")
        sys.exit(1)
    click.echo(f"{reindex_questions(bank.id if bank else None)} câu.")
