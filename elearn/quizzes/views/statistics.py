"""Officers' pages: the statistics of a quiz, of each of its items, and both as an Excel file. Nothing is worked out here."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from flask import redirect, render_template, request, url_for
from flask_login import current_user
from werkzeug.wrappers import Response

from elearn.core.display import show_number
from elearn.core.exports.excel import excel_answer
from elearn.core.guards import requires
from elearn.core.i18n import gettext
from elearn.core.pages import Page, page_number
from elearn.jobs.views import begin
from elearn.lib.errors import NotFound
from elearn.quizzes.models import Quiz, QuizStatistics
from elearn.quizzes.queries import statistics as queries
from elearn.quizzes.rules.statistics_words import ITEM, RESPONSE_NAMES, WARNINGS, WHICH_NAMES, WHOLE, Named
from elearn.quizzes.services.statistics_file import statistics_workbook
from elearn.quizzes.views import blueprint

SORTS = ("slot", "s", "facility", "discrimination_index", "discriminative_efficiency", "effective_weight", "warnings")
SHOWN = 100
"""Items on one page of the table."""
MOST_CURVES = 8


def _which(quiz: Quiz) -> str:
    """Which attempts are asked for; those that the quiz counts where nothing is said."""
    asked = request.values.get("which", "")
    return asked if asked in queries.WHICH else quiz.counted if quiz.counted in queries.WHICH else "all"


def _worked_out(code: str) -> tuple[Quiz, str, QuizStatistics | None]:
    quiz = queries.access_analysed(current_user.actor, code)
    which = _which(quiz)
    return quiz, which, queries.find_statistics(quiz.id, which)


def _tabs(quiz: Quiz, which: str) -> list[dict[str, Any]]:
    return [
        {"label": gettext(name), "url": url_for("quizzes.statistics", code=quiz.code, which=key), "active": key == which}
        for key, name in WHICH_NAMES.items()
    ]


def _sorted(items: Sequence[Mapping[str, Any]]) -> tuple[list[Mapping[str, Any]], str, bool]:
    """The rows of the table in the order asked for, what is not defined last; the key, and whether it falls.

    Variants stand on the page of their question; the places of a larger pool say nothing that its questions do not say better.
    """
    rows = [one for one in items if one["kind"] != "variant" and not (one["kind"] == "slot" and one["in_larger_pool"])]
    sort, is_falling = request.args.get("sort", "slot"), request.args.get("order") == "falling"
    if sort not in SORTS or sort == "slot":
        return (rows[::-1] if sort == "slot" and is_falling else rows), "slot", sort == "slot" and is_falling

    def value(row: Mapping[str, Any]) -> float | None:
        return len(row["warnings"]) if sort == "warnings" else row[sort]

    known = sorted((row for row in rows if value(row) is not None), key=lambda row: value(row) or 0, reverse=is_falling)
    return [*known, *(row for row in rows if value(row) is None)], sort, is_falling


def _written(named: Named, value: float | None, is_narrow: bool = False) -> str:
    """A figure with its unit; "–" where it is not defined."""
    if value is None:
        return "–"
    shown = show_number(100 * value if named.unit == "share" else value, named.places)
    return f"{shown}%" if named.unit in ("share", "percent") else shown


def _meaning(named: Named) -> str:
    """The meaning in the reader's language; it may hold a per cent sign, so it is no format."""
    return gettext(named.meaning)


def _places(row: Mapping[str, Any]) -> str:
    """Number of an item in the paper, or the numbers among which its pool puts it."""
    return f"{row['slot']}–{row['last_slot']}" if "last_slot" in row else str(row["slot"])


def _columns(quiz: Quiz, which: str, sort: str, is_falling: bool) -> list[dict[str, Any]]:
    """Headings of the table of items; each a link that sorts by it, and turns the order round where it already does."""
    names = {
        "slot": gettext("Câu"),
        "s": gettext("Số lượt"),
        "facility": gettext("Độ dễ"),
        "discrimination_index": gettext("Độ phân biệt"),
        "discriminative_efficiency": gettext("Hiệu suất phân biệt"),
        "intended_weight": gettext("Tỉ trọng dự kiến"),
        "effective_weight": gettext("Tỉ trọng thực tế"),
        "warnings": gettext("Cần xem lại"),
    }
    told = []
    for key, label in names.items():
        column: dict[str, Any] = {"label": label, "kind": "" if key in ("slot", "warnings") else "num"}
        if key in SORTS:
            order = "falling" if key == sort and not is_falling else None
            column["sort"] = url_for("quizzes.statistics", code=quiz.code, which=which, sort=key, order=order)
        if key == sort:
            column["order"] = "descending" if is_falling else "ascending"
        told.append(column)
    return told


def _sorts(quiz: Quiz, which: str, sort: str, is_falling: bool) -> list[dict[str, Any]]:
    """The orders that are most asked for, as links where a phone has no headings."""
    orders = {
        ("slot", False): gettext("Theo thứ tự"),
        ("warnings", True): gettext("Cần xem lại trước"),
        ("facility", False): gettext("Khó nhất trước"),
        ("discrimination_index", False): gettext("Phân biệt kém trước"),
    }
    return [
        {
            "label": label,
            "url": url_for("quizzes.statistics", code=quiz.code, which=which, sort=key, order="falling" if falls else None),
            "active": (key, falls) == (sort, is_falling),
        }
        for (key, falls), label in orders.items()
    ]


def _option_columns(groups: Sequence[str]) -> list[Any]:
    numbers = (gettext("Phần điểm được"), gettext("Số lượt"), gettext("Tỉ lệ"), *groups)
    return [gettext("Câu trả lời"), *({"label": label, "kind": "num"} for label in numbers)]


def _warned(row: Mapping[str, Any]) -> list[str]:
    """Warnings in the reader's language."""
    return [
        gettext(WARNINGS[one["code"]], **{
            name: show_number(value) if isinstance(value, int | float) else value for name, value in one.items() if name != "code"
        })
        for one in row["warnings"]
    ]  # fmt: skip


def _named(option: Mapping[str, Any]) -> str:
    """A class of responses in the reader's words, without the name of its part, under which it stands."""
    model = str(option["model"])
    return gettext(RESPONSE_NAMES[model]) if model in RESPONSE_NAMES else model.removeprefix(f"{option['part']}: ")


def _worded(option: Mapping[str, Any]) -> list[tuple[str, int]]:
    """The wordings of what was typed; none where they are the class itself."""
    return [(words, count) for words, count in option["actual"] if words != _named(option)]


@blueprint.get("/admin/quizzes/<code>/statistics")
@requires("quiz.analyse")
def statistics(code: str) -> str:
    quiz, which, found = _worked_out(code)
    data = found.data if found else {}
    rows, sort, is_falling = _sorted(data.get("items", ()))
    number = min(page_number(), max(1, -(-len(rows) // SHOWN)))
    page = Page(rows[(number - 1) * SHOWN : number * SHOWN], number, len(rows), SHOWN)
    return render_template(
        "quizzes/statistics.html",
        quiz=quiz, which=which, tabs_of_which=_tabs(quiz, which), found=found, data=data, whole=WHOLE,
        named={one.key: one for one in ITEM}, page=page, columns=_columns(quiz, which, sort, is_falling), sorts=_sorts(quiz, which, sort, is_falling), written=_written,
        warned=_warned, meaning=_meaning, places=_places,
        since=queries.changed_since(quiz.id, found) if found else None,
    )  # fmt: skip


@blueprint.post("/admin/quizzes/<code>/statistics")
@requires("quiz.analyse")
def work_out_statistics(code: str) -> Response:
    """Let the statistics be worked out in the background."""
    quiz, which, _ = _worked_out(code)
    title = gettext("Tính số liệu: %(title)s", title=quiz.title)
    job_id = begin("quiz_statistics", title, {"quiz": quiz.id, "which": which}, current_user.member_id)
    return redirect(url_for("jobs.show", job_id=job_id, next=url_for("quizzes.statistics", code=code, which=which)))


@blueprint.get("/admin/quizzes/<code>/statistics/items/<int:slot>")
@requires("quiz.analyse")
def item_statistics(code: str, slot: int) -> str:
    """One item: its figures with their meaning, what was answered, and the curves of the options."""
    quiz, which, found = _worked_out(code)
    question = request.args.get("question", "")
    rows = [one for one in (found.data["items"] if found else ()) if one["slot"] == slot and (one["question"] or "") == question]
    if found is None or not rows:
        raise NotFound()
    asked = request.args.get("variant", "")
    chosen = next((one for one in rows if str(one.get("variant", "")) == asked), rows[0])
    groups = _groups(len(chosen["groups"]))
    return render_template(
        "quizzes/statistics_item.html",
        quiz=quiz, which=which, which_names=WHICH_NAMES, found=found, item=chosen, named=ITEM, written=_written, warned=_warned,
        meaning=_meaning, places=_places, name_of=_named, worded=_worded, variants=[one for one in rows if "variant" in one], answered=_parts(chosen),
        groups=groups, option_columns=_option_columns(groups),
    )  # fmt: skip


def _parts(item: Mapping[str, Any]) -> list[dict[str, Any]]:
    """What was answered, part by part, with the series of the curves: shares of each group, the options most chosen first."""
    parts: dict[str, list[Mapping[str, Any]]] = {}
    for option in item["options"]:
        parts.setdefault(option["part"], []).append(option)
    told = []
    for name, options in parts.items():
        drawn = sorted(
            (one for one in options if one["count"] or one["fraction"] > 0), key=lambda one: (one["fraction"] <= 0, -one["count"])
        )
        series = [
            {
                "name": _named(one),
                "is_key": one["fraction"] > 0,
                "shares": [count / size if size else None for count, size in zip(one["by_group"], item["groups"], strict=True)],
            }
            for one in drawn[:MOST_CURVES]
        ]
        told.append({"name": name, "options": options, "series": series})
    return told


def _groups(count: int) -> list[str]:
    """Names of the groups by total, the weakest first."""
    if count == 3:
        return [gettext("Điểm thấp"), gettext("Điểm giữa"), gettext("Điểm cao")]
    return [gettext("Thấp nhất"), gettext("Thấp"), gettext("Giữa"), gettext("Cao"), gettext("Cao nhất")]


@blueprint.get("/admin/quizzes/<code>/statistics.xlsx")
@requires("quiz.analyse")
def statistics_excel(code: str) -> Response:
    """All rows with all figures."""
    quiz, _, found = _worked_out(code)
    if found is None:
        raise NotFound()
    return excel_answer(statistics_workbook(quiz, found), gettext("Số liệu %(title)s", title=quiz.title))
