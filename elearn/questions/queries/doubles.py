"""Questions that resemble others: candidates by shared hashes of their sketches, compared by all their word triples."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import select

from elearn.core.db import db
from elearn.questions.models import Question, QuestionSketch, QuestionVersion
from elearn.questions.queries.rendering import TYPES, shorten
from elearn.questions.rules.duplicates import ALIKE, TOO_COMMON, by_hash, candidates, similarity, sketch, triples
from elearn.questions.rules.texts import Rich, in_a_list, plain, rich

AT_ONCE = 900


@dataclass(frozen=True)
class Double:
    """The question that resembles a text most, and how much, in thousandths."""

    question_id: int
    code: str
    similarity: int


def parts_of(kind: str, text: Rich, body: object) -> list[str]:
    """The stem and every text of the body in plain words: what a reader sees, for comparing and for search."""
    return [plain(text), *TYPES[kind].texts(body)] if isinstance(body, dict) else [plain(text)]


def find_doubles(
    bank_ids: Sequence[int] | None, texts: Sequence[Sequence[str]], least: int = ALIKE, without: Sequence[int | None] = ()
) -> list[Double | None]:
    """For each text (as `parts_of` gives it) the question of these banks, or of all, that resembles it most; None below `least`.

    Retired questions are left out. `without` names, place by place, a question not to be compared with: the one that is being edited.
    """
    own = [triples(parts) for parts in texts]
    sketches = [sketch(hashes) for hashes in own]
    holders = _holders({value for hashes in sketches for value in hashes})
    chosen = [
        candidates(hashes, holders, without[place] if place < len(without) else None) for place, hashes in enumerate(sketches)
    ]
    known = _compared({number for some in chosen for number in some}, bank_ids)
    found: list[Double | None] = []
    for hashes, some in zip(own, chosen, strict=True):
        likes = [(similarity(hashes, known[number][1]), -number) for number in some if number in known]
        best = max(likes, default=(0, 0))
        found.append(Double(-best[1], known[-best[1]][0], best[0]) if best[0] >= least else None)
    return found


def _holders(values: Iterable[int]) -> dict[int, list[int]]:
    """Ids by hash, but for hashes that are too common to say anything."""
    table, wanted = QuestionSketch.__table__, sorted(values)
    holders: defaultdict[int, list[int]] = defaultdict(list)
    connection = db.session.connection()
    for start in range(0, len(wanted), AT_ONCE):
        some = table.c.hash.in_(wanted[start : start + AT_ONCE])
        for value, number in connection.execute(select(table.c.hash, table.c.question_id).where(some)):
            if len(holders[value]) <= TOO_COMMON:
                holders[value].append(number)
    return {value: numbers for value, numbers in holders.items() if len(numbers) <= TOO_COMMON}


def _compared(question_ids: Iterable[int], bank_ids: Sequence[int] | None) -> dict[int, tuple[str, frozenset[int]]]:
    """Code and triples of the versions in force of these questions, where they belong to the banks and are not retired."""
    question, version = Question.__table__.c, QuestionVersion.__table__.c
    joined = QuestionVersion.__table__.join(
        Question.__table__, (question.id == version.question_id) & (question.version_number == version.number)
    )
    wanted, found = sorted(question_ids), {}
    for start in range(0, len(wanted), AT_ONCE):
        query = select(question.id, question.code, version.type, version.text, version.text_format, version.body).select_from(
            joined
        )
        query = query.where(question.id.in_(wanted[start : start + AT_ONCE]), question.status != "retired")
        if bank_ids is not None:
            query = query.where(question.bank_id.in_(bank_ids))
        for number, code, kind, words, form, body in db.session.connection().execute(query):
            found[number] = (code, triples(parts_of(kind, rich(words, form), body)))
    return found


def doubles_of_bank(bank_id: int, least: int = ALIKE) -> dict[int, Double]:
    """For each question of the bank, not retired, the other one of it that resembles it most; only those from `least` on."""
    table, question = QuestionSketch.__table__.c, Question.__table__.c
    query = select(table.hash, table.question_id).join_from(
        QuestionSketch.__table__, Question.__table__, (question.id == table.question_id) & (question.bank_id == bank_id)
    )
    rows = [(value, number) for value, number in db.session.connection().execute(query.where(question.status != "retired"))]
    holders = by_hash(rows)
    sketches: defaultdict[int, list[int]] = defaultdict(list)
    for value, number in rows:
        sketches[number].append(value)
    chosen = {number: candidates(hashes, holders, number) for number, hashes in sketches.items()}
    pairs = {number: some for number, some in chosen.items() if some}
    known = _compared({*pairs, *(other for some in pairs.values() for other in some)}, [bank_id])
    found = {}
    for number, some in pairs.items():
        likes = [(similarity(known[number][1], known[other][1]), -other) for other in some if number in known and other in known]
        best = max(likes, default=(0, 0))
        if best[0] >= least:
            found[number] = Double(-best[1], known[-best[1]][0], best[0])
    return found


@dataclass(frozen=True)
class Pair:
    """Two questions that resemble each other, the first by code first."""

    code: str
    title: str
    other_code: str
    other_title: str
    similarity: int


def pairs_of(found: Mapping[int, Double], most: int) -> list[Pair]:
    """The pairs of `doubles_of_bank`, each once, the most alike first."""
    best: dict[tuple[int, int], int] = {}
    for number, double in found.items():
        best[min(number, double.question_id), max(number, double.question_id)] = double.similarity
    chosen = sorted(best, key=lambda pair: (-best[pair], pair))[:most]
    ids = {number for pair in chosen for number in pair}
    query = select(Question.id, Question.code, QuestionVersion).join(
        QuestionVersion, (Question.id == QuestionVersion.question_id) & (Question.version_number == QuestionVersion.number)
    )
    known = {
        number: (code, shorten(version.name or in_a_list(version.stem), 160))
        for number, code, version in db.session.execute(query.where(Question.id.in_(ids)))
    }
    return [Pair(*known[one], *known[other], best[one, other]) for one, other in chosen]
