"""The statistics of a quiz as an Excel file."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from elearn.core.display import show_datetime, show_number
from elearn.core.exports.excel import Column, workbook
from elearn.core.i18n import gettext
from elearn.quizzes.models import Quiz, QuizStatistics
from elearn.quizzes.rules.statistics_words import ITEM, RESPONSE_NAMES, WARNINGS, WHICH_NAMES, WHOLE


def statistics_workbook(quiz: Quiz, found: QuizStatistics) -> bytes:
    """One sheet: the whole quiz in its head, then a row an item and a row a class of responses below it."""
    notes = [
        gettext("%(which)s: %(people)s người, %(attempts)s lượt. Tính đến %(moment)s.", which=gettext(WHICH_NAMES[found.which]),
                people=show_number(found.people), attempts=show_number(found.attempts), moment=show_datetime(found.worked_out_at)),
        *(f"{gettext(one.name)}: {show_number(found.data['whole'][one.key], 4)}" for one in WHOLE),
    ]  # fmt: skip
    columns = [
        Column(gettext("Câu"), 8),
        Column(gettext("Mã câu hỏi"), 20),
        Column(gettext("Bộ số"), 8),
        Column(gettext("Câu hỏi, phương án"), 48),
        Column(gettext("Loại"), 16),
        Column(gettext("Số lượt"), 10),
        Column(gettext("Điểm tối đa"), 10),
        *(Column(gettext(one.name), 14) for one in ITEM),
        Column(gettext("Phần điểm được"), 12),
        Column(gettext("Tỉ lệ chọn"), 12),
        Column(gettext("Theo nhóm điểm, từ thấp đến cao"), 24),
        Column(gettext("Cần xem lại"), 48),
    ]
    return workbook(gettext("Số liệu %(title)s", title=quiz.title), notes, columns, _rows(found.data["items"]))


def _rows(items: list[Mapping[str, Any]]) -> Iterator[tuple[object, ...]]:
    spare = (None,) * len(ITEM)
    for item in items:
        slot = f"{item['slot']}–{item['last_slot']}" if "last_slot" in item else item["slot"]
        head = (slot, item["question"], item.get("variant"))
        said = [
            gettext(WARNINGS[one["code"]], **{name: str(value) for name, value in one.items() if name != "code"})
            for one in item["warnings"]
        ]
        yield (
            *head, item["name"] or gettext("Rút từ ngân hàng"), item["type"] or "", item["s"], item["max_mark"],
            *(item[one.key] for one in ITEM), None, None, None, " ".join(said),
        )  # fmt: skip
        for option in item["options"]:
            model = (
                gettext(RESPONSE_NAMES.get(option["model"], option["model"]))
                if option["model"] in RESPONSE_NAMES
                else option["model"]
            )
            words = f"{option['part']}: {model}" if option["part"] and not model.startswith(option["part"]) else model
            groups = " / ".join(f"{count}/{size}" for count, size in zip(option["by_group"], item["groups"], strict=True))
            yield (*head, f"    {words}", "", option["count"], None, *spare, option["fraction"], option["share"], groups, "")
