"""People whom pasted lines may mean."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from sqlalchemy import or_, select

from elearn.classes.rules.matching import Candidate, Line, key_forms
from elearn.core.db import db
from elearn.lib.vietnamese import fold
from elearn.members.models import Member
from elearn.members.queries import below, matching, visible_members
from elearn.members.rules.logins import login_key
from elearn.members.rules.permissions import Actor, Subject, may, role_paths
from elearn.units import queries as units
from elearn.units.models import Unit

_CHUNK = 500  # values of one IN list


def _chunks(values: Iterable[object]) -> Iterator[list[object]]:
    every = list(values)
    for start in range(0, len(every), _CHUNK):
        yield every[start : start + _CHUNK]


def list_visible_ids(actor: Actor, member_ids: Sequence[int]) -> list[int]:
    """Those of the members whom the actor may see and who can still sign in: a form can name anybody, only these count."""
    query = visible_members(actor).with_only_columns(Member.id).where(Member.status == "active")
    return [one for chunk in _chunks(set(member_ids)) for one in db.session.scalars(query.where(Member.id.in_(chunk)))]


def find_candidates(
    actor: Actor, taken: set[int], lines: Sequence[Line]
) -> tuple[dict[str, list[Candidate]], dict[str, list[Candidate]]]:
    """People by key and by folded name, for `rules.matching`; `taken` are those who are on the list already.

    Names are looked for only among people whom the actor may see.
    """
    return _by_key(actor, lines, taken), _by_name(actor, lines, taken)


def _candidate(row: Any, enrolled: set[int]) -> Candidate:
    year = row.birth_date.year if row.birth_date else None
    return Candidate(row.id, row.display_name, row.code, row.name, year, row.id in enrolled)


def _by_key(actor: Actor, lines: Sequence[Line], enrolled: set[int]) -> dict[str, list[Candidate]]:
    typed = {key for line in lines for key in line.keys}
    forms = {form for key in typed for form in key_forms(key)}
    codes = typed | {key.upper() for key in typed}
    people = select(
        Member.id, Member.display_name, Member.code, Member.birth_date, Member.login_key, Member.phone, Unit.name, Unit.path
    )
    people = people.join(Unit, Unit.id == Member.unit_id).where(Member.status == "active")
    found: dict[int, tuple[Candidate, set[str]]] = {}
    for chunk in _chunks(forms | codes):
        where = or_(Member.login_key.in_(chunk), Member.code.in_(chunk), Member.phone.in_(chunk))
        for row in db.session.execute(people.where(where)):
            is_visible = may(actor, "member.view", Subject(row.path, row.id))
            shown = _candidate(row, enrolled)
            one = shown if is_visible else Candidate(row.id, "", "", "", is_in_scope=False)
            found[row.id] = (one, {row.login_key, login_key(row.code), login_key(row.phone)} - {""})
    by_key: dict[str, list[Candidate]] = defaultdict(list)
    for one, forms_of_one in found.values():
        for form in forms_of_one:
            by_key[form].append(one)
    return by_key


def _by_name(actor: Actor, lines: Sequence[Line], enrolled: set[int]) -> dict[str, list[Candidate]]:
    """One pass over the search keys, which begin with the folded name: far cheaper than a statement for each line."""
    wanted = {fold(name) for line in lines for name in (line.name, line.long_name) if name}
    if not wanted:
        return {}
    lengths = {len(name.split()) for name in wanted}
    keys = visible_members(actor).with_only_columns(Member.id, Member.search_key).where(Member.status == "active")
    near = []
    for member_id, key in db.session.execute(keys):
        words = key.split()
        if any(" ".join(words[:n]) in wanted for n in lengths):
            near.append(member_id)
    people = select(Member.id, Member.display_name, Member.code, Member.birth_date, Unit.name).join(Unit, Unit.id == Member.unit_id)
    by_name: dict[str, list[Candidate]] = defaultdict(list)
    for chunk in _chunks(near):
        for row in db.session.execute(people.where(Member.id.in_(chunk)).order_by(Member.name_key, Member.id)):
            name = fold(row.display_name)
            if name in wanted:
                by_name[name].append(_candidate(row, enrolled))
    return by_name


def list_found_ids(actor: Actor, words: str, unit: Unit | None) -> list[int]:
    """Everybody whom a search among visible members finds and who can still sign in."""
    query = visible_members(actor).with_only_columns(Member.id).where(Member.status == "active")
    if words.strip():
        query = query.where(matching(words))
    if unit is not None:
        query = query.where(below(Unit.path, [unit.path]))
    return list(db.session.scalars(query))


def find_filter_unit(actor: Actor, raw: str) -> Unit | None:
    """The unit named in an address, where the actor may see its members; None for anything else."""
    unit = units.find_unit(int(raw)) if raw.isdecimal() and len(raw) < 10 else None
    is_within = unit is not None and any(unit.path.startswith(path) for path in role_paths(actor, "member.view"))
    return unit if is_within else None


def list_filter_units(actor: Actor, chosen: Unit | None) -> list[tuple[int, str]]:
    """Units by which the actor may narrow a list of members."""
    return units.list_choices(below(Unit.path, role_paths(actor, "member.view")), chosen)
