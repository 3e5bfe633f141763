"""Prints the papers of a quiz under several codes, sheets for answers, and the key: all of it decided by one seed."""

from __future__ import annotations

import io
import os
import time
import zipfile
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

from PIL import Image
from sqlalchemy import Connection, select

from elearn.core import blobs
from elearn.core.db import read_connection
from elearn.core.exports.excel import Column, workbook
from elearn.core.exports.pdf import set_pdf
from elearn.lib.errors import NotFound
from elearn.lib.numbers import format_number
from elearn.lib.periods import local_day
from elearn.questions.models import Medium, QuestionVersion
from elearn.questions.models import Question as Asked
from elearn.questions.queries import TYPES, Rendered, render_versions
from elearn.quizzes.models import Quiz
from elearn.quizzes.queries.drawing import compose, plan_of, pools_of
from elearn.quizzes.queries.keys import items_of
from elearn.quizzes.queries.papers import sections_of
from elearn.quizzes.rules.grading import Item
from elearn.quizzes.rules.sheets import (
    DIRECTLY,
    Paper,
    Question,
    Tree,
    fingerprint,
    key_words,
    letters,
    pictures_in,
    printed_control,
    run_in,
    seed_of,
    sheets_of,
    tree_of,
    with_blanks,
)  # fmt: skip

KEPT = timedelta(hours=1)
LONG = 1500
"""Letters from which a question may be parted between pages."""
USUAL_SIZE, LARGE_SIZE = 11, 15
_HERE = Path(__file__).parent
_PRINTS = {"PNG": "png", "JPEG": "jpg"}
# Papers are read on paper, by people who have not chosen a language.
PAPER_WORDS = {
    "question": "Câu",
    "code": "Mã đề",
    "page": "Trang",
    "check": "Số kiểm",
    "end": "– Hết –",
    "answer": "Trả lời:",
    "order": "Thứ tự đúng:",
}
FIELDS = ("Họ và tên:", "Ngày sinh:", "Đơn vị:", "Số báo danh:")
SHEET_WORDS = {
    "title": "Phiếu trả lời",
    "number": "Số báo danh",
    "code": "Mã đề",
    "boxes": ("Người làm bài ký", "Người coi thi ký", "Điểm, người chấm ký"),
    "how": "Tô kín một ô bằng bút chì hoặc bút mực:",
    "written": "Các câu viết câu trả lời",
}
KEY_WORDS = {"title": "Đáp án", "question": "Câu", "page": "Trang", "secret": "Chỉ dành cho người chấm. Không để lẫn với đề."}
OUTPUTS = ("papers", "sheets", "key", "excel", "all")
"""Files that can be made; of these the last three hold the key."""
WITH_KEY = frozenset(OUTPUTS[2:])
ENDINGS = {"papers": "pdf", "sheets": "pdf", "key": "pdf", "excel": "xlsx", "all": "zip"}
Tell = Callable[..., None]


@dataclass(frozen=True)
class Header:
    """What stands at the head of a paper; an empty line is left out."""

    superior: str = ""
    issuer: str = ""
    heading: str = ""
    motto: str = ""
    place: str = ""
    title: str = ""
    subject: str = ""
    duration: str = ""
    note: str = ""


@dataclass(frozen=True)
class Order:
    """What is to be printed: under which codes, from which seed (hexadecimal), and whether all codes hold the same questions."""

    codes: tuple[str, ...]
    seed: str
    is_same: bool = True
    size: int = USUAL_SIZE
    header: Header = Header()


def order_told(order: Order) -> dict[str, Any]:
    """The order as JSON; `read_order` is the way back."""
    return asdict(order)


def read_order(told: dict[str, Any]) -> Order:
    """The order from its JSON."""
    return Order(**{**told, "codes": tuple(told["codes"]), "header": Header(**told["header"])})


def draw_papers(quiz: Quiz, order: Order, now: datetime, tell: Tell | None = None) -> list[Paper]:
    """The papers of the order, decided by its seed and by what the banks hold today. Raises DomainError pool_too_small."""
    plan = plan_of(quiz)
    if order.is_same and not plan.paper_seed:
        plan = replace(plan, paper_seed=seed_of(order.seed, "questions"))
    with read_connection() as connection:
        pools = pools_of(connection, plan, local_day(now))
        papers = []
        for number, code in enumerate(order.codes, start=1):
            seed = seed_of(order.seed, code)
            drawn = compose(connection, plan, pools, seed)
            papers.append(_paper(connection, quiz, code, seed, drawn))
            if tell is not None:
                tell("Đang rút câu cho từng mã đề", number, len(order.codes))
    return papers


def _paper(connection: Connection, quiz: Quiz, code: str, seed: str, drawn: Sequence[dict[str, Any]]) -> Paper:
    shown = render_versions([asked["version"] for asked in drawn], connection)
    items = items_of(connection, quiz.id, drawn)
    codes = _codes_of(connection, [version.version_id for version in shown])
    tells_marks = len({item.max for item in items if TYPES[item.type].is_marked}) > 1
    questions: list[Question] = []
    number = 0
    for asked, version, item in zip(drawn, shown, items, strict=True):
        is_marked = TYPES[version.type].is_marked
        number += is_marked
        questions.append(_question(version, item, asked, number if is_marked else None, tells_marks and is_marked, codes))
    return Paper(code, seed, fingerprint(drawn), tuple(questions))


def _question(
    version: Rendered, item: Item, asked: dict[str, Any], number: int | None, tells_mark: bool, codes: dict[int, str]
) -> Question:
    kind = TYPES[version.type]
    stem = with_blanks(str(version.html(kind.stem(version.text, version.body, item.order))))
    right = kind.right(item.body, item.order)
    return Question(
        number=number,
        section=asked.get("section", 0),
        stem=run_in(tree_of(stem)),
        hint="Chọn mọi đáp án đúng." if version.type == "multiple_choice" else "",
        mark=f"{format_number(Decimal(item.max))} điểm" if tells_mark else "",
        control=printed_control(kind.controls(version.body, item.order, version.html)),
        key=key_words(version.type, right, kind.words(item.body, item.order, right) if right is not None else ""),
        code=codes.get(version.version_id, ""),
        version=version.version_id,
    )


def _codes_of(connection: Connection, version_ids: Sequence[int]) -> dict[int, str]:
    query = select(QuestionVersion.id, Asked.code).join(Asked, Asked.id == QuestionVersion.question_id)
    return dict(connection.execute(query.where(QuestionVersion.id.in_(version_ids))).all())


def papers_pdf(quiz: Quiz, papers: Sequence[Paper], order: Order) -> bytes:
    """The papers, one after the other, each with its own page numbers."""
    sections = [{"title": one["title"], "intro": tree_of(one["intro"])} for one in sections_of(quiz)]
    digests = {digest for paper in papers for question in paper.questions for digest in _pictures_of(question)}
    digests |= {digest for section in sections for digest in pictures_in(section["intro"])}  # type: ignore[arg-type]
    data = {
        "words": PAPER_WORDS, "fields": FIELDS, "size": order.size, "header": asdict(order.header), "sections": sections,
        "pictures": pictures(digests),
        "papers": [
            {"code": paper.code, "fingerprint": paper.fingerprint, "questions": [_told(question) for question in paper.questions]}
            for paper in papers
        ],
    }  # fmt: skip
    return set_pdf((_HERE / "papers.typ").read_bytes(), data)


def _pictures_of(question: Question) -> set[str]:
    control = question.control
    trees: list[Tree] = [question.stem, *control.get("options", ()), *control.get("rows", ()), *control.get("items", ())]
    trees += [option for gap in control.get("gaps", ()) for option in gap["options"]]
    return {digest for tree in trees for digest in pictures_in(tree)}


def _told(question: Question) -> dict[str, Any]:
    is_long = question.control["kind"] == "essay" or len(str(question.stem)) + len(str(question.control)) > LONG
    return {
        "number": question.number, "section": question.section, "stem": question.stem, "hint": question.hint, "mark": question.mark,
        "control": question.control, "long": is_long,
    }  # fmt: skip


def pictures(digests: set[str]) -> dict[str, dict[str, Any]]:
    """The pictures as the typesetter takes them: bytes as numbers, with the size in dots. One that is lost is left out."""
    found = {}
    with read_connection() as connection:
        known = {row.digest: row for row in connection.execute(select(Medium.__table__).where(Medium.digest.in_(digests)))}
    for digest in sorted(digests & known.keys()):
        try:
            found[digest] = _printable(blobs.fetch(digest))
        except (NotFound, OSError):
            continue
    return found


def _printable(data: bytes) -> dict[str, Any]:
    with Image.open(io.BytesIO(data)) as picture:
        size = {"width": picture.width, "height": picture.height}
        if picture.format in _PRINTS:
            return {"data": list(data), "format": _PRINTS[picture.format], **size}
        out = io.BytesIO()
        picture.convert("RGBA").save(out, "PNG")
        return {"data": list(out.getvalue()), "format": "png", **size}


def sheets_pdf(papers: Sequence[Paper], order: Order) -> bytes:
    """Sheets for answers: one for all codes where that is possible, otherwise one for each with its code filled in."""
    data = {
        "words": SHEET_WORDS, "issuer": order.header.issuer, "subject": order.header.subject, "fields": FIELDS[:3], "letters": letters(26),
        "sheets": [
            {"code": code, "rows": [{"number": number, "options": options} for number, options in rows]}
            for code, rows in sheets_of(papers)
        ],
    }  # fmt: skip
    return set_pdf((_HERE / "sheets.typ").read_bytes(), data)


def key_pdf(papers: Sequence[Paper], order: Order) -> bytes:
    """The right answers, a column for each code."""
    data = {
        "words": KEY_WORDS, "subject": order.header.subject, "told": _provenance(order),
        "papers": [
            {"code": paper.code, "fingerprint": paper.fingerprint, "keys": [question.key for question in paper.answers]} for paper in papers
        ],
    }  # fmt: skip
    return set_pdf((_HERE / "keys.typ").read_bytes(), data)


def key_excel(papers: Sequence[Paper], order: Order) -> bytes:
    """The same as Excel, with the code of each question in its bank at the end."""
    columns = [Column("Câu", 6), *(Column(f"Mã đề {paper.code}", 14) for paper in papers)]
    columns += [Column(f"Câu hỏi, mã đề {paper.code}", 18) for paper in papers]
    count = max((len(paper.answers) for paper in papers), default=0)
    rows = [
        [place + 1]
        + [paper.answers[place].key if place < len(paper.answers) else "" for paper in papers]
        + [paper.answers[place].code if place < len(paper.answers) else "" for paper in papers]
        for place in range(count)
    ]
    checks = ", ".join(f"{paper.code}: {paper.fingerprint}" for paper in papers[:60])
    return workbook(f"Đáp án {order.header.subject}", [_provenance(order), f"Số kiểm của từng mã đề: {checks}"], columns, rows)


def _provenance(order: Order) -> str:
    return f"Rút từ số gốc {order.seed}. Số kiểm ở cuối trang đề phải trùng với số kiểm của cột đáp án."


def ending_of(output: str, count: int) -> str:
    """Ending of the file for so many codes: papers under many codes come as several PDF files in a ZIP."""
    return "zip" if output == "papers" and count > DIRECTLY else ENDINGS[output]


def make_file(output: str, quiz: Quiz, order: Order, now: datetime, tell: Tell | None = None) -> bytes:
    """One of `OUTPUTS` as bytes, told step by step. Raises DomainError pool_too_small."""
    papers = draw_papers(quiz, order, now, tell)
    if output == "sheets":
        return sheets_pdf(papers, order)
    if output == "key":
        return key_pdf(papers, order)
    if output == "excel":
        return key_excel(papers, order)
    if ending_of(output, len(papers)) == "pdf":
        return papers_pdf(quiz, papers, order)
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for first in range(0, len(papers), DIRECTLY):
            part = papers[first : first + DIRECTLY]
            if tell is not None:
                tell("Đang xếp trang", first, len(papers))
            archive.writestr(f"de-{part[0].code}-{part[-1].code}.pdf", papers_pdf(quiz, part, order))
        if output == "all":
            archive.writestr("phieu-tra-loi.pdf", sheets_pdf(papers, order))
            archive.writestr("dap-an.pdf", key_pdf(papers, order))
            archive.writestr("dap-an.xlsx", key_excel(papers, order))
    return out.getvalue()


def keep_file(folder: Path, name: str, content: bytes) -> None:
    """Keep a file for its owner, readable by the application alone; those kept for longer than an hour are deleted."""
    folder.mkdir(parents=True, exist_ok=True)
    drop_old_files(folder)
    path = folder / name
    path.unlink(missing_ok=True)
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as out:
        out.write(content)


def drop_old_files(folder: Path) -> None:
    """Delete papers that were kept for longer than an hour."""
    for path in folder.glob("papers-*"):
        if path.stat().st_mtime < time.time() - KEPT.total_seconds():
            path.unlink(missing_ok=True)
