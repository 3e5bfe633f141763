"""What a contest file must hold, and the rounds that it describes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, time
from typing import Any

from elearn.content.rules import fields
from elearn.content.rules.faults import Examiner, Fault, Parsed
from elearn.contests.rules import settings as allowed
from elearn.contests.rules.candidates import Criterion
from elearn.contests.rules.settings import ContestSettings, RoundSettings, check_contest, check_round
from elearn.contests.rules.windows import MOST_ROUNDS, Weekly, Window, numbered, weekly_windows
from elearn.lib.errors import InvalidInput
from elearn.lib.periods import from_local
from elearn.lib.registry import Registry
from elearn.members.rules.people import KINDS as MEMBER_KINDS
from elearn.members.rules.permissions import Role
from elearn.questions.rules.levels import LEVELS

CRITERIA: Registry[Criterion] = Registry("elearn.contests.rankings", "CRITERION")
LIMIT = fields.whole(1, allowed.MOST_ATTEMPTS)
PRIZE = {
    "title": fields.text(60), "title_en": fields.text(60, required=False), "count": fields.count(10_000),
    "amount": fields.whole(0, 10**12), "given": fields.one_of(*allowed.GIVEN, required=False),
}  # fmt: skip
HOURS = {"days": fields.items(), "begin": fields.hour(), "end": fields.hour()}
ADVANCE = {
    "from_round": fields.count(MOST_ROUNDS), "top": fields.count(100_000), "per": fields.one_of("all", "unit", "group", required=False),
}  # fmt: skip
UNITS = {
    "weights": fields.part(),
    "shrink_to": fields.whole(0, 100_000),
    "pass_percent": fields.whole(0, 100),
    "headcount_on": fields.day(required=False),
}
TARGET = {"count": fields.count(1_000_000), "counts": fields.one_of("attempts", "people", required=False)}
CONTEST_SETTINGS = {
    "audience": fields.one_of(*allowed.AUDIENCES, required=False),
    "member_kinds": fields.several(*MEMBER_KINDS),
    "minimum_age": fields.whole(1, 120),
    "maximum_age": fields.whole(1, 120),
    "age_on": fields.day(required=False),
    "born_from": fields.day(required=False),
    "born_to": fields.day(required=False),
    "excluded_roles": fields.several(*(str(role) for role in Role)),
    "excludes_writers": fields.yes_or_no(),
    "asked": fields.several(*allowed.FIELDS),
    "attempts_per_day": LIMIT,
    "attempts_per_contest": LIMIT,
    "counted": fields.one_of(*allowed.COUNTED, required=False),
    "criteria": fields.several(*CRITERIA.keys(), fewest=1),
    "prizes": fields.items(required=False, fewest=0),
    "per_person": fields.one_of(*allowed.PER_PERSON, required=False),
    "reserves": fields.whole(0, 1000),
    "has_live_standings": fields.yes_or_no(),
    "freeze_minutes": fields.whole(0, 100_000),
    "objection_days": fields.whole(0, 365),
    "units": fields.part(required=False),
    "unit_targets": fields.items(required=False),
}
ROUND_SETTINGS = {
    "metric": fields.one_of(*allowed.METRICS, required=False),
    "hours": fields.items(required=False),
    "attempt_limit": LIMIT,
    "advance": fields.part(required=False),
    "criteria": fields.several(*CRITERIA.keys(), fewest=1),
    "prizes": fields.items(required=False, fewest=0),
    "counted": fields.one_of(*allowed.COUNTED, required=False),
    "sources": fields.items(required=False),
    "combined": fields.one_of(*allowed.COMBINED, required=False),
}
PAPER = {
    "minutes": fields.count(7 * 24 * 60, required=False),
    "draw": fields.items(required=False),
    "fixed": fields.yes_or_no(),
    "shuffle_options": fields.yes_or_no(),
    "pass_percent": fields.whole(1, 100),
    "settings": fields.part(required=False),
}
ROUND = {
    **PAPER, "title": fields.text(120), "title_en": fields.text(120, required=False), "kind": fields.one_of(*allowed.KINDS, required=False),
    "opens": fields.moment(), "closes": fields.moment(),
}  # fmt: skip
DRAW = {
    "bank": fields.code(), "level": fields.one_of(*LEVELS, required=False), "count": fields.count(500), "mark": fields.whole(1, 1000),
}  # fmt: skip
WEEKLY = {
    "count": fields.count(MOST_ROUNDS), "title": fields.text(100), "title_en": fields.text(100, required=False), "first_day": fields.day(),
    "opens": fields.hour(), "days": fields.whole(0, 31, required=True), "closes": fields.hour(),
}  # fmt: skip
CONTEST = {
    "code": fields.code(),
    "title": fields.text(200),
    "title_en": fields.text(200, required=False),
    "organiser": fields.text(400),
    "lead": fields.text(2000, required=False),
    "decision_number": fields.text(60, required=False),
    "decision_on": fields.day(required=False),
    "password": fields.text(100, required=False),
    "published": fields.yes_or_no(),
    "rules_extra": fields.text(required=False),
    "consent_text": fields.text(required=False),
    "units": fields.codes(fewest=0),
    "settings": fields.part(required=False),
    "round": fields.part(required=False),
    "weekly": fields.part(required=False),
    "rounds": fields.items(required=False),
}
CONTEST["units"] = fields.Kind(CONTEST["units"].problem, False)


def check_contest_file(parsed: Parsed, banks: Mapping[str, Any] | None, faults: list[Fault]) -> Mapping[str, Any]:
    """The fields of a contest file that are sound; what is not is added to `faults`. `banks` holds the known codes, None: not looked at."""
    examiner = Examiner(parsed, faults)
    before = len(faults)
    contest = examiner.mapping((), parsed.value, CONTEST)
    _settings(examiner, ("settings",), contest.get("settings"), CONTEST_SETTINGS)
    if "round" in contest:
        _paper(examiner, ("round",), examiner.mapping(("round",), contest["round"], PAPER), banks)
    if "weekly" in contest:
        examiner.mapping(("weekly",), contest["weekly"], WEEKLY)
    for index, item in enumerate(contest.get("rounds", ())):
        _paper(examiner, ("rounds", index), examiner.mapping(("rounds", index), item, ROUND), banks)
    if "weekly" not in contest and "rounds" not in contest:
        examiner.fault((), "Cuộc thi cần ít nhất một vòng.")
    if len(faults) == before:
        _whole(examiner, contest)
    return contest


def _settings(examiner: Examiner, path: tuple[str | int, ...], value: Any, kinds: Mapping[str, fields.Kind]) -> None:
    if value is None:
        return
    sound = examiner.mapping(path, value, kinds)
    for index, prize in enumerate(sound.get("prizes", ())):
        examiner.mapping((*path, "prizes", index), prize, PRIZE)
    for index, target in enumerate(sound.get("unit_targets", ())):
        examiner.mapping((*path, "unit_targets", index), target, TARGET)
    for index, hours in enumerate(sound.get("hours", ())):
        examiner.mapping((*path, "hours", index), hours, HOURS)
    if "advance" in sound:
        examiner.mapping((*path, "advance"), sound["advance"], ADVANCE)
    if "units" in sound:
        units = examiner.mapping((*path, "units"), sound["units"], UNITS)
        weights = {name: fields.whole(1, 100) for name in allowed.UNIT_MEASURES}
        examiner.mapping((*path, "units", "weights"), units.get("weights"), weights)


def _paper(examiner: Examiner, path: tuple[str | int, ...], sound: Mapping[str, Any], banks: Mapping[str, Any] | None) -> None:
    _settings(examiner, (*path, "settings"), sound.get("settings"), ROUND_SETTINGS)
    for index, item in enumerate(sound.get("draw", ())):
        part = examiner.mapping((*path, "draw", index), item, DRAW)
        if banks is not None and part.get("bank", "") not in {*banks, ""}:
            examiner.fault((*path, "draw", index, "bank"), "Không có ngân hàng câu hỏi “%(key)s”.", key=part["bank"])


def _whole(examiner: Examiner, contest: Mapping[str, Any]) -> None:
    """What only shows in several fields together; each field by itself is sound."""
    try:
        check_contest(contest_settings(contest), CRITERIA)
    except InvalidInput as refusal:
        examiner.fault(("settings", refusal.field), refusal.message, **refusal.values)
    if "weekly" in contest:
        try:
            weekly_windows(weekly_plan(contest["weekly"]))
        except InvalidInput as refusal:
            examiner.fault(("weekly", refusal.field), refusal.message, **refusal.values)
            return
    first = len(planned_rounds({**contest, "rounds": []}))
    for index, one in enumerate(planned_rounds(contest)):
        path = ("rounds", index - first) if index >= first else ("round",)
        try:
            check_round(RoundSettings.read(one["settings"]), CRITERIA)
        except InvalidInput as refusal:
            examiner.fault((*path, "settings", refusal.field), refusal.message, **refusal.values)
        if one["closes_at"] <= one["opens_at"]:
            examiner.fault((*path, "closes"), "Giờ đóng phải sau giờ mở.")
        if one["kind"] in ("quiz", "written") and not (one.get("draw") and one.get("minutes")):
            examiner.fault(path, "Vòng “%(title)s” có đề nên cần “draw” và “minutes”.", title=one["title"])


def contest_settings(contest: Mapping[str, Any]) -> ContestSettings:
    """The settings of a sound file, without the units, which files name by code."""
    return ContestSettings.read(contest.get("settings") or {})


def weekly_plan(value: Mapping[str, Any]) -> Weekly:
    """The weekly rounds of a sound file."""
    return Weekly(
        value["count"], value["first_day"], time.fromisoformat(value["opens"]), value["days"], time.fromisoformat(value["closes"])
    )


def planned_rounds(contest: Mapping[str, Any]) -> list[dict[str, Any]]:
    """The rounds of a sound file in order: those of every week, then the others; what `round` says holds where a round says nothing."""
    common = contest.get("round") or {}
    found = []
    weekly = contest.get("weekly")
    if weekly:
        windows: Sequence[Window] = weekly_windows(weekly_plan(weekly))
        for number, (opens_at, closes_at) in enumerate(windows, start=1):
            title_en = numbered(weekly["title_en"], number) if weekly.get("title_en") else ""
            own = {"title": numbered(weekly["title"], number), "title_en": title_en, "opens_at": opens_at, "closes_at": closes_at}
            found.append({"kind": "quiz", **common, **own})
    for one in contest.get("rounds") or ():
        kind = one.get("kind", "quiz")
        hours = {
            "opens_at": from_local(datetime.fromisoformat(one["opens"])),
            "closes_at": from_local(datetime.fromisoformat(one["closes"])),
        }
        found.append({"kind": "quiz", **(common if kind == "quiz" else {}), **one, **hours})
    return [{**one, "settings": one.get("settings") or {}} for one in found]
