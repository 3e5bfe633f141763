"""Banks and their shelves: made, renamed, moved, taken away when empty."""

from __future__ import annotations

import re
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from elearn.audit.services import record
from elearn.core.db import transaction
from elearn.lib.errors import DomainError, InvalidInput
from elearn.lib.vietnamese import fold, normalise
from elearn.questions.models import Bank, Category, Question
from elearn.questions.rules.shelves import LONGEST_PATH, moved, place_below
from elearn.questions.services.drafts import RESERVED

Named = tuple[int, str]


def suggest_code(title: str) -> str:
    """A code made of the title's words: "Lịch sử Đảng" gives "lich-su-dang"."""
    return "-".join(re.findall("[a-z0-9]+", fold(title)))[:60].strip("-")


def make_bank(by: Named, title: str, summary: str, unit_id: int, is_lent: bool, now: datetime, code: str = "") -> str:
    """Make a bank owned by the unit and return its code, made of the title where none is given. Raises InvalidInput at its field."""
    title = normalise(title)
    wanted = code.strip().lower() or suggest_code(title)
    if not re.fullmatch("[a-z0-9][a-z0-9-]{1,59}", wanted) or wanted in RESERVED:
        raise InvalidInput("bad_code", "Mã gồm chữ thường không dấu, số và gạch ngang, từ 2 đến 60 ký tự.", "code")
    with transaction() as session:
        taken = set(session.scalars(select(Bank.code).where(Bank.code.startswith(wanted, autoescape=True))))
        if wanted in taken and code:
            raise InvalidInput("code_taken", "Mã này đã có ngân hàng khác dùng.", "code")
        free = next(
            name for number in range(1, len(taken) + 2) if (name := wanted if number == 1 else f"{wanted}-{number}") not in taken
        )
        bank = Bank(code=free, title=title, summary=summary.strip(), unit_id=unit_id, is_lent=is_lent)
        session.add(bank)
        session.flush()
        record(session, now, by, "make_bank", ("bank", bank.id, title), after={"code": free, "unit": unit_id, "is_lent": is_lent})
    return free


def edit_bank(by: Named, bank_id: int, title: str, summary: str, is_lent: bool, now: datetime) -> None:
    """Rename a bank, describe it, lend it or not."""
    with transaction() as session:
        bank = session.get_one(Bank, bank_id)
        before = {"title": bank.title, "summary": bank.summary, "is_lent": bank.is_lent}
        bank.title, bank.summary, bank.is_lent = normalise(title), summary.strip(), is_lent
        after = {"title": bank.title, "summary": bank.summary, "is_lent": is_lent}
        if before != after:
            record(session, now, by, "edit_bank", ("bank", bank.id, bank.title), before=before, after=after)


def make_category(by: Named, bank_id: int, parent_id: int | None, name: str, now: datetime) -> None:
    """A category below another, or at the top. Raises InvalidInput (field "name") where there is one of that name."""
    with transaction() as session:
        parent = session.get(Category, parent_id) if parent_id else None
        path = place_below(parent.path if parent else "", name)
        if session.scalar(select(Category.id).where(Category.bank_id == bank_id, Category.path == path)):
            raise InvalidInput("path_taken", "Ở đó đã có chuyên mục cùng tên.", "name")
        session.add(Category(bank_id=bank_id, path=path))
        record(session, now, by, "make_category", ("bank", bank_id, session.get_one(Bank, bank_id).title), after={"path": path})


def place_category(by: Named, category_id: int, parent_id: int | None, name: str, now: datetime) -> None:
    """Rename a category or put it below another; everything below goes with it. Raises DomainError where it cannot go there."""
    with transaction() as session:
        category = session.get_one(Category, category_id)
        parent = session.get(Category, parent_id) if parent_id else None
        old, new = category.path, place_below(parent.path if parent else "", name)
        all_of_bank = {one.path: one for one in session.scalars(select(Category).where(Category.bank_id == category.bank_id))}
        going = moved(all_of_bank, old, new)
        # By way of paths that nobody has: two that change places must not meet.
        for path in going:
            all_of_bank[path].path = f"\x01{all_of_bank[path].id}"
        session.flush()
        for path, target in going.items():
            if len(target) > LONGEST_PATH:
                raise InvalidInput("too_deep", "Cây chuyên mục sâu quá. Hãy đặt ở cấp cao hơn hoặc đặt tên ngắn hơn.", "name")
            all_of_bank[path].path = target
        session.flush()
        if going:
            bank = session.get_one(Bank, category.bank_id)
            record(session, now, by, "move_category", ("bank", bank.id, bank.title), before={"path": old}, after={"path": new})


def delete_category(by: Named, category_id: int, now: datetime) -> None:
    """Take an empty category away. Raises DomainError while questions or categories stand in it."""
    with transaction() as session:
        category = session.get_one(Category, category_id)
        below = Category.path.startswith(f"{category.path} / ", autoescape=True)
        if session.scalar(select(Category.id).where(Category.bank_id == category.bank_id, below).limit(1)) or _count(
            session, category_id
        ):
            raise DomainError("not_empty", "Chuyên mục còn câu hỏi hoặc chuyên mục con. Hãy chuyển chúng đi trước.")
        bank = session.get_one(Bank, category.bank_id)
        record(session, now, by, "delete_category", ("bank", bank.id, bank.title), before={"path": category.path})
        session.delete(category)


def _count(session: Session, category_id: int) -> int:
    return session.scalar(select(func.count()).select_from(Question).where(Question.category_id == category_id)) or 0
