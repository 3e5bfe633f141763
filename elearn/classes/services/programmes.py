"""Saving programmes. Classes opened before keep the terms that they were opened with."""

from __future__ import annotations

import re
from datetime import datetime

from sqlalchemy.exc import IntegrityError

from elearn.audit.services import record
from elearn.classes.models import Programme
from elearn.classes.rules.programmes import Terms, check_terms, to_json
from elearn.core.db import transaction
from elearn.lib.errors import InvalidInput

ActorName = tuple[int | None, str]
_CODE = re.compile(r"[A-Z0-9][A-Z0-9./-]{1,58}")


def save_programme(actor: ActorName, programme_id: int | None, unit_id: int, code: str, terms: Terms, now: datetime) -> int:
    """Make a programme, or change one (its owner stays); return its id. Raises InvalidInput naming the field."""
    if not _CODE.fullmatch(code):
        raise InvalidInput("code_shape", "Mã chương trình chỉ gồm chữ hoa không dấu, số và dấu gạch, ví dụ NTVD.", field="code")
    plain = to_json(check_terms(terms))
    try:
        with transaction() as session:
            if programme_id is None:
                found = Programme(
                    code=code,
                    name=terms.programme,
                    unit_id=unit_id,
                    terms=plain,
                    version=1,
                    is_open=True,
                    created_at=now,
                    changed_at=now,
                )
                session.add(found)
                before = None
            else:
                found = session.get_one(Programme, programme_id, with_for_update=True)
                before = {"code": found.code, "terms": found.terms}
                if found.terms == plain and found.code == code:
                    return found.id
                found.version += found.terms != plain
                found.code, found.name, found.terms, found.changed_at = code, terms.programme, plain, now
            session.flush()
            after = {"code": code, "version": found.version, "terms": plain}
            record(session, now, actor, "save_programme", ("programme", found.id, terms.programme), before=before, after=after)
            return found.id
    except IntegrityError as error:
        raise InvalidInput("code_taken", "Đã có chương trình mang mã %(taken)s.", field="code", taken=code) from error


def set_programme_open(actor: ActorName, programme_id: int, is_open: bool, now: datetime) -> None:
    """Offer a programme to new classes, or stop offering it."""
    with transaction() as session:
        found = session.get_one(Programme, programme_id)
        if found.is_open != is_open:
            found.is_open = is_open
            action = "offer_programme" if is_open else "retire_programme"
            record(session, now, actor, action, ("programme", found.id, found.name))
