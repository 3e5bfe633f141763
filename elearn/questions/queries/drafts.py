"""Versions as drafts: the one way out of a bank, into files, into the editor and into another bank."""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from elearn.core import blobs
from elearn.core.db import db
from elearn.lib.errors import NotFound
from elearn.questions.models import Medium, Question, QuestionVersion
from elearn.questions.rules.exchange import Draft
from elearn.questions.rules.versions import Content

AT_ONCE = 500


def get_medium(digest: str) -> Medium:
    """The picture kept under that digest; raises NotFound."""
    found = db.session.get(Medium, digest)
    if found is None:
        raise NotFound()
    return found


def content_of(version: QuestionVersion) -> Content:
    """All that makes a version, as a plain value."""
    return Content(
        type=version.type,
        text=version.stem,
        body=version.body,
        explanation=version.reason,
        document_id=version.document_id,
        clause=version.clause,
        name=version.name,
        default_mark=version.default_mark,
        files=version.files or {},
        source=version.source,
        as_of=version.as_of,
        valid_to=version.valid_to,
        extra=version.extra or {},
    )


def draft_of(version: QuestionVersion, with_files: bool = True) -> Draft:
    """The version with what its question says of it (code, category, tags, topic, level); bytes of pictures only `with_files`."""
    question = version.question
    return Draft(
        type=version.type,
        text=version.stem,
        body=dict(version.body),
        name=version.name,
        explanation=version.reason,
        default_mark=version.default_mark,
        code=question.code,
        category=question.category.path if question.category else "",
        tags=[tag.tag for tag in question.tags],
        topic=question.topic,
        level=question.level,
        source=version.source,
        document=version.document.key if version.document else "",
        clause=version.clause,
        as_of=version.as_of,
        valid_to=version.valid_to,
        files={name: blobs.fetch(digest) for name, digest in (version.files or {}).items()} if with_files else {},
        extra=dict(version.extra or {}),
    )


def drafts_of(question_ids: Iterable[int], with_files: bool = True) -> list[Draft]:
    """Drafts of the versions in force, in the order of the codes."""
    wanted = list(question_ids)
    found: list[QuestionVersion] = []
    for start in range(0, len(wanted), AT_ONCE):
        query = (
            select(QuestionVersion)
            .join(Question, (Question.id == QuestionVersion.question_id) & (Question.version_number == QuestionVersion.number))
            .where(Question.id.in_(wanted[start : start + AT_ONCE]))
            .options(
                joinedload(QuestionVersion.document),
                joinedload(QuestionVersion.question).joinedload(Question.category),
                joinedload(QuestionVersion.question).selectinload(Question.tags),
            )
        )
        found += db.session.scalars(query)
    return [draft_of(version, with_files) for version in sorted(found, key=lambda version: version.question.code)]
