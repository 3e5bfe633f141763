"""Banks that an officer may open, edit or draw from, and their shelves. Each list is exactly what the access table allows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import Select, and_, func, or_, select
from sqlalchemy.orm import joinedload

from elearn.core.db import db
from elearn.lib.errors import NotFound
from elearn.lib.vietnamese import sort_key
from elearn.library.models import Document
from elearn.members.queries import below
from elearn.members.rules.permissions import Actor, Subject, demand, lent_paths, may, role_paths
from elearn.questions.models import Bank, Category, Question, QuestionVersion
from elearn.units.models import Unit


def subject_of(bank: Bank) -> Subject:
    """The bank as the access table sees it."""
    return Subject(bank.unit.path, is_lent=bank.is_lent)


def visible_banks(actor: Actor, permission: str = "question.view") -> Select[Bank]:
    """Exactly the banks for which `may(actor, permission, …)` holds: own ones and, where the permission says so, those lent from above."""
    own = below(Unit.path, role_paths(actor, permission))
    lent = lent_paths(actor, permission)
    return select(Bank).join(Unit, Unit.id == Bank.unit_id).where(or_(own, Bank.is_lent & Unit.path.in_(lent)) if lent else own)


@dataclass(frozen=True)
class Shelf:
    """A bank in a list: how many of its questions are in each state, and whether its questions may be opened or only drawn."""

    bank: Bank
    counts: dict[str, int]
    is_open: bool

    @property
    def total(self) -> int:
        return sum(self.counts.values())


def list_banks(actor: Actor) -> list[Shelf]:
    """Banks that the actor may open, then those lent from above to draw from."""
    banks = db.session.scalars(visible_banks(actor).options(joinedload(Bank.unit)).order_by(Bank.title)).all()
    open_ids = {bank.id for bank in banks}
    lent = db.session.scalars(visible_banks(actor, "question.use").options(joinedload(Bank.unit)).order_by(Bank.title))
    everything = [*banks, *(bank for bank in lent if bank.id not in open_ids)]
    query = select(Question.bank_id, Question.status, func.count()).where(Question.bank_id.in_([bank.id for bank in everything]))
    counts: dict[int, dict[str, int]] = {}
    for bank_id, status, count in db.session.execute(query.group_by(Question.bank_id, Question.status)):
        counts.setdefault(bank_id, {})[status] = count
    return [Shelf(bank, counts.get(bank.id, {}), bank.id in open_ids) for bank in everything]


def list_usable_banks(actor: Actor) -> Sequence[Bank]:
    """Banks from which the actor may draw papers, own and lent, by title."""
    return db.session.scalars(visible_banks(actor, "question.use").options(joinedload(Bank.unit)).order_by(Bank.title)).all()


def list_bank_ids(actor: Actor, permission: str = "question.view") -> list[int]:
    """Ids of the banks for which the actor has the permission."""
    return list(db.session.scalars(visible_banks(actor, permission).with_only_columns(Bank.id)))


def access_bank(actor: Actor, code: str, permission: str = "question.view") -> Bank:
    """The bank; NotFound where the actor may not know of it, Forbidden where they may see it but not do this."""
    bank = db.session.scalar(select(Bank).where(Bank.code == code).options(joinedload(Bank.unit)))
    if bank is None or not (may(actor, "question.view", subject_of(bank)) or may(actor, permission, subject_of(bank))):
        raise NotFound()
    demand(actor, permission, subject_of(bank))
    return bank


def access_editable_bank(actor: Actor, code: str) -> Bank:
    """The bank, for one who may change its questions here; as `access_bank`, and NotFound for one that content files keep."""
    bank = access_bank(actor, code, "question.edit")
    if bank.is_from_files:
        raise NotFound("from_files", "Ngân hàng này được nạp từ tệp nội dung, không sửa trên trang.")
    return bank


def access_unit(actor: Actor, code: str) -> Unit:
    """The unit that is to own a bank; NotFound where the actor may not keep banks for it."""
    unit = db.session.scalar(select(Unit).where(Unit.code == code, Unit.valid_to.is_(None)))
    if unit is None or not may(actor, "question.edit", Subject(unit.path)):
        raise NotFound("no_unit", "Không có đơn vị này trong phạm vi của bạn.")
    return unit


def list_owners(actor: Actor) -> list[tuple[str, str]]:
    """(code, name) of the units for which the actor may keep banks, from the top down; at most 300."""
    paths = role_paths(actor, "question.edit")
    query = select(Unit.code, Unit.name).where(below(Unit.path, paths), Unit.valid_to.is_(None))
    return [(code, name) for code, name in db.session.execute(query.order_by(Unit.depth, Unit.sort_key).limit(300))]


@dataclass(frozen=True)
class Shelved:
    """A category with the number of questions on it and below it."""

    id: int
    path: str
    note: str
    own: int
    below: int
    has_shelves: bool = False

    @property
    def is_empty(self) -> bool:
        """Nothing stands on it: it may be taken away."""
        return not self.below and not self.has_shelves

    @property
    def name(self) -> str:
        return self.path.rsplit(" / ", 1)[-1]

    @property
    def depth(self) -> int:
        return self.path.count(" / ")


def list_categories(bank_id: int) -> list[Shelved]:
    """The bank's categories in the order of their tree, each with its counts."""
    query = select(Category.id, Category.path, Category.note, func.count(Question.id)).outerjoin(
        Question, Question.category_id == Category.id
    )
    rows = db.session.execute(query.where(Category.bank_id == bank_id).group_by(Category.id, Category.path, Category.note)).all()
    by_path = {path: (number, note, count) for number, path, note, count in rows}
    totals = dict.fromkeys(by_path, 0)
    for path, (_, _, count) in by_path.items():
        parts = path.split(" / ")
        for depth in range(1, len(parts) + 1):
            above = " / ".join(parts[:depth])
            if above in totals:
                totals[above] += count
    order = sorted(by_path, key=lambda path: [sort_key(part) for part in path.split(" / ")])
    parents = {path.rpartition(" / ")[0] for path in by_path}
    return [Shelved(by_path[path][0], path, by_path[path][1], by_path[path][2], totals[path], path in parents) for path in order]


def access_category(bank: Bank, category_id: int) -> Category:
    """The bank's category; raises NotFound."""
    found = db.session.get(Category, category_id)
    if found is None or found.bank_id != bank.id:
        raise NotFound()
    return found


def category_ids_below(bank_ids: Sequence[int], path: str) -> list[int]:
    """Ids of the category of that path and of all below it, in these banks."""
    inside = or_(Category.path == path, Category.path.startswith(f"{path} / ", autoescape=True))
    return list(db.session.scalars(select(Category.id).where(Category.bank_id.in_(bank_ids), inside)))


def list_topics(bank: Bank) -> Sequence[str]:
    """Topics of the bank's questions, by first code, so in the order of the bank's file.

    The index of topics is stepped through from one to the next, so that a hundred thousand questions cost as their few topics.
    """
    here = Question.bank_id == bank.id
    found = select(func.min(Question.topic).label("topic")).where(here, Question.topic > "").cte("topics", recursive=True)
    following = select(func.min(Question.topic)).where(here, Question.topic > found.c.topic).scalar_subquery()
    found = found.union_all(select(following).where(found.c.topic.is_not(None)))
    first = select(func.min(Question.code)).where(here, Question.topic == found.c.topic).scalar_subquery()
    return db.session.scalars(select(found.c.topic).where(found.c.topic.is_not(None)).order_by(first)).all()


def list_paths(bank_id: int) -> list[str]:
    """Paths of the bank's categories in the order of their tree."""
    paths = db.session.scalars(select(Category.path).where(Category.bank_id == bank_id))
    return sorted(paths, key=lambda path: [sort_key(part) for part in path.split(" / ")])


def current_versions(questions: Sequence[Question]) -> dict[int, QuestionVersion]:
    """Version in force by question id, with its document, in one statement."""
    query = (
        select(QuestionVersion)
        .join(Question, (Question.id == QuestionVersion.question_id) & (Question.version_number == QuestionVersion.number))
        .where(Question.id.in_([question.id for question in questions]))
        .options(joinedload(QuestionVersion.document).joinedload(Document.superseded_by))
    )
    return {version.question_id: version for version in db.session.scalars(query)}


def access_question(
    actor: Actor, bank_code: str, code: str, permission: str = "question.view"
) -> tuple[Question, Sequence[QuestionVersion]]:
    """The question with all its versions, newest first; NotFound where the actor may not know of it, Forbidden as for a bank."""
    bank = access_editable_bank(actor, bank_code) if permission == "question.edit" else access_bank(actor, bank_code, permission)
    query = select(Question).where(Question.code == code, Question.bank_id == bank.id)
    question = db.session.scalar(
        query.options(joinedload(Question.author), joinedload(Question.reviewer), joinedload(Question.category))
    )
    if question is None:
        raise NotFound()
    versions = select(QuestionVersion).where(QuestionVersion.question_id == question.id)
    versions = versions.options(
        joinedload(QuestionVersion.document).joinedload(Document.superseded_by), joinedload(QuestionVersion.author)
    )
    return question, db.session.scalars(versions.order_by(QuestionVersion.number.desc())).all()


def count_citing(document_id: int) -> int:
    """Questions whose version in force rests on a document."""
    in_force = and_(QuestionVersion.question_id == Question.id, QuestionVersion.number == Question.version_number)
    query = (
        select(func.count()).select_from(QuestionVersion).join(Question, in_force).where(QuestionVersion.document_id == document_id)
    )
    return db.session.scalar(query) or 0
