"""Writes documents that content files describe."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from elearn.library.models import Document
from elearn.library.services.texts import write_head


@dataclass(frozen=True)
class DocumentSpec:
    """What a document is; `superseded_by` is the key of the one that replaces it."""

    key: str
    number: str
    kind: str
    title: str
    issuer: str
    issued_on: date | None
    url: str
    valid_to: date | None
    superseded_by: str | None
    checked_on: date | None


def put_documents(session: Session, specs: Sequence[DocumentSpec]) -> tuple[dict[str, int], Counter[str]]:
    """Make or bring up to date the documents; return the id of each key, and how many were created, changed and the same.

    Documents that are not named stay.
    """
    known = {document.key: document for document in session.scalars(select(Document))}
    outcomes: dict[str, str] = {}
    for spec in specs:
        values = {name: value for name, value in spec.__dict__.items() if name != "superseded_by"}
        if spec.key not in known:
            known[spec.key] = Document(**values)
            session.add(known[spec.key])
            outcomes[spec.key] = "created"
            continue
        for name, value in values.items():
            if getattr(known[spec.key], name) != value:
                setattr(known[spec.key], name, value)
                outcomes[spec.key] = "changed"
    session.flush()
    for spec in specs:
        successor = known[spec.superseded_by].id if spec.superseded_by else None
        if known[spec.key].superseded_by_id != successor:
            known[spec.key].superseded_by_id = successor
            outcomes.setdefault(spec.key, "changed")
    session.flush()
    for key in outcomes:
        write_head(session, known[key])
    counted = Counter(outcomes.get(spec.key, "same") for spec in specs)
    return {key: document.id for key, document in known.items()}, counted
