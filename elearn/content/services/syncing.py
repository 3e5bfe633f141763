"""Loads content files: idempotent, in one transaction, with new versions and editions of what changed."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path
from typing import Any

from sqlalchemy.orm import Session

from elearn.audit.services import record
from elearn.content.rules.faults import Fault, Parsed, in_order
from elearn.content.rules.lessons import cut_into_parts, link_citations, name_the_quoted, word_count
from elearn.content.rules.schema import Files, check, question_body
from elearn.content.services.contests import contest_spec, find_contest
from elearn.content.services.reading import content_files, read_content
from elearn.contests.services import create_contest
from elearn.core.db import transaction
from elearn.core.markdown import render
from elearn.courses.services import EditionSpec, LessonSpec, put_course
from elearn.lib.errors import DomainError
from elearn.lib.periods import local_day
from elearn.library.services import DocumentSpec, put_documents
from elearn.questions.services import BankSpec, QuestionSpec, put_bank, put_question, retire_missing

BY_COMMAND = (None, "flask content sync")


@dataclass
class SyncResult:
    """How many were created, changed and stayed the same, by kind: `question_versioned`, `course_same`, `document_created` …"""

    outcomes: Counter[str] = field(default_factory=Counter)


class ContentFaulty(DomainError):
    """The files have faults; nothing was loaded."""

    def __init__(self, faults: list[Fault]) -> None:
        super().__init__("content_faulty", "Nội dung có lỗi, chưa nạp gì.")
        self.faults = faults


def content_digest(root: Path) -> str:
    """SHA-256 over the names and bytes of all content files."""
    total = hashlib.sha256()
    for path in content_files(root):
        total.update(f"{path.relative_to(root).as_posix()}\0".encode())
        total.update(hashlib.sha256(path.read_bytes()).digest())
    return total.hexdigest()


def sync_content(root: Path, unit_id: int, now: datetime) -> SyncResult:
    """Load everything below `root` for the owning unit; raises ContentFaulty where a file has a fault."""
    files, faults = read_content(root)
    faults += check(files, local_day(now))
    if faults:
        raise ContentFaulty(in_order(faults))
    result = SyncResult()
    with transaction() as session:
        documents, outcomes = put_documents(session, [_document(item) for parsed in files.documents for item in parsed.value])
        result.outcomes.update({f"document_{outcome}": count for outcome, count in outcomes.items()})
        banks = {}
        for parsed in files.banks:
            banks[parsed.value["code"]] = _sync_bank(session, parsed, unit_id, documents, now, result)
        for position, parsed in enumerate(files.courses, start=1):
            spec = _edition(files, parsed, banks)
            result.outcomes[f"course_{put_course(session, unit_id, position, spec, now)}"] += 1
        for parsed in files.contests:
            result.outcomes[f"contest_{_put_contest(session, parsed.value, banks, unit_id, now)}"] += 1
        if any(count for name, count in result.outcomes.items() if not name.endswith("_same")):
            told = {name: count for name, count in sorted(result.outcomes.items()) if count}
            record(session, now, BY_COMMAND, "sync_content", ("content", unit_id, root.name), after=told)
    return result


def _put_contest(session: Session, value: Mapping[str, Any], banks: Mapping[str, int], unit_id: int, now: datetime) -> str:
    """Make the contest; one that is there already is the organiser's to change on its pages, not the file's."""
    if find_contest(session, value["code"]) is not None:
        return "same"
    create_contest(session, contest_spec(session, value, banks, unit_id), now)
    return "created"


def _document(item: Mapping[str, Any]) -> DocumentSpec:
    return DocumentSpec(
        key=item["key"],
        number=item.get("number") or "",
        kind=item["kind"],
        title=item["title"],
        issuer=item.get("issuer") or "",
        issued_on=item.get("issued_on") or None,
        url=item.get("url") or "",
        valid_to=item.get("valid_to") or None,
        superseded_by=item.get("superseded_by") or None,
        checked_on=item.get("checked_on") or None,
    )


def _day(value: object) -> date | None:
    return value if isinstance(value, date) else None


def _sync_bank(
    session: Session, parsed: Parsed, unit_id: int, documents: Mapping[str, int], now: datetime, result: SyncResult
) -> int:
    value = parsed.value
    bank = put_bank(
        session,
        BankSpec(
            value["code"],
            value["title"],
            value["title_en"],
            unit_id,
            _day(value.get("as_of")),
            _day(value.get("reviewed_on")),
            is_from_files=True,
        ),
    )
    for item in value["questions"]:
        body = question_body(item)
        spec = QuestionSpec(
            code=item["code"],
            type=item["type"],
            topic=item["topic"],
            level=item["level"],
            text=item["text"].strip(),
            body={name: part for name, part in body.items() if part is not None},
            explanation=item["explanation"].strip(),
            document_id=documents[item["source"]["document"]],
            clause=item["source"].get("clause") or "",
        )
        result.outcomes[f"question_{put_question(session, bank.id, spec, now)}"] += 1
    result.outcomes["question_retired"] += retire_missing(session, bank.id, {item["code"] for item in value["questions"]})
    return bank.id


def _edition(files: Files, parsed: Parsed, banks: Mapping[str, int]) -> EditionSpec:
    course = parsed.value
    lessons = []
    for name in course["lessons"]:
        head, body, _ = files.lessons[parsed.file, name]
        parts = [
            {"title": part.title, "html": name_the_quoted(link_citations(render(part.text))), "words": word_count(part.text)}
            for part in cut_into_parts(body)
        ]
        front = head.value
        lessons.append(
            LessonSpec(
                code=name,
                title=front["title"],
                title_en=front["title_en"],
                summary=front["summary"],
                summary_en=front["summary_en"],
                minutes=front["minutes"],
                as_of=_day(front.get("as_of")),
                parts=parts,
                sources=list(front["sources"]),
            )
        )
    quiz = course.get("quiz")
    return EditionSpec(
        code=course["code"],
        title=course["title"],
        title_en=course["title_en"],
        summary=course["summary"].strip(),
        summary_en=course["summary_en"].strip(),
        audience=course.get("audience") or "",
        as_of=_day(course.get("as_of")),
        reviewed_on=_day(course.get("reviewed_on")),
        lessons=lessons,
        quiz={
            "title": quiz["title"],
            "blueprint": [
                {"bank": banks[quiz["bank"]], "level": part.get("level"), "count": part["count"]} for part in quiz["draw"]
            ],
            "minutes": quiz["minutes"],
            "attempts": quiz["attempts"],
            "pass_percent": quiz["pass_percent"],
        }
        if quiz
        else None,
    )
