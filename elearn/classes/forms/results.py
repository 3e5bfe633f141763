"""Forms of results: the mark sheet, the council, the essay, requests to look again."""

from __future__ import annotations

from decimal import Decimal

from flask import request
from wtforms import BooleanField, IntegerField, SelectField
from wtforms.fields.choices import SelectChoice as Choice
from wtforms.validators import DataRequired, NumberRange, Optional
from wtforms.widgets import TextInput

from elearn.classes.forms.programmes import Day
from elearn.classes.rules.sheet import Key, Typed, most_of, read_mark
from elearn.core.forms import Form, Line, Lines
from elearn.core.i18n import lazy_gettext as _l
from elearn.lib.errors import InvalidInput


class SheetForm(Form):
    """How a class gets its marks."""

    sessions_total = IntegerField(
        _l("Số buổi hoặc tiết của lớp"), [Optional(), NumberRange(1, 999)], widget=TextInput(),
        description=_l("Chỉ ghi khi điểm danh trên giấy; điểm danh trong hệ thống thì tự tính."),
    )  # fmt: skip
    quiz = SelectField(_l("Bài kiểm tra lấy điểm"), coerce=int)
    test_choice = SelectField(
        _l("Lượt được tính"), choices=[Choice("best", _l("Lượt điểm cao nhất")), Choice("last", _l("Lượt nộp sau cùng"))]
    )


class PasteMarksForm(Form):
    text = Lines(_l("Điểm chép từ Excel"), [DataRequired(_l("Hãy dán ít nhất một dòng."))], longest=300_000)


class DecideForm(Form):
    number = Line(_l("Số"), longest=60)
    day = Day(_l("Ngày"))


class CorrectForm(Form):
    grade = SelectField(_l("Xếp loại"))
    reason = Line(_l("Lý do"), longest=400, description=_l("Ghi vào lịch sử của kết quả; người học đọc được."))


class AnswerForm(Form):
    grade = SelectField(_l("Kết quả sau khi xem lại"))
    answer = Lines(_l("Trả lời"), [DataRequired(_l("Hãy ghi câu trả lời."))], longest=2000, description=_l("Người học đọc được."))


class EssayForm(Form):
    title = Line(_l("Tên bài"), longest=200)
    prompt = Lines(_l("Yêu cầu"), longest=5000)
    due_on = Day(_l("Hạn nộp"), description=_l("Tính đến hết ngày đó; nộp sau hạn được ghi là chậm."))
    takes_file = BooleanField(_l("Cho nộp tệp Word hoặc PDF"), default=True)


class RubricForm(Form):
    rubric = Lines(_l("Tiêu chí chấm"), description=_l("Mỗi dòng: tiêu chí | số điểm, cộng lại đúng 10. Để trống: một điểm chung."))
    examiners = IntegerField(_l("Số giám khảo mỗi bài"), [NumberRange(1, 3)], widget=TextInput(), default=1)


def cells_sent(parts: list[str]) -> tuple[list[Typed], dict[Key, tuple[str, str]]]:
    """Cells of the mark sheet as the request sends them; and, by cell, what was typed that is no mark, with the words that say so."""
    cells, faults = [], {}
    for name, text in request.form.items():
        kind, _, rest = name.partition("-")
        number, _, part = rest.partition("-")
        if kind != "mark" or not number.isdecimal() or len(number) > 9 or part not in parts:
            continue
        key = (int(number), part)
        try:
            cells.append(Typed(key, _base(request.form.get(f"base-{rest}", "")), read_mark(text, most_of(part))))
        except InvalidInput as refusal:
            faults[key] = (text[:20], str(refusal))
    return cells, faults


def _base(text: str) -> Decimal | None:
    """What a cell showed; the page wrote it, so nonsense counts as nothing."""
    try:
        return read_mark(text, Decimal(999))
    except InvalidInput:
        return None
