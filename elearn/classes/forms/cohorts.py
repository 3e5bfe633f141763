"""Forms of classes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from flask import request
from wtforms import DateField, SelectField
from wtforms.validators import DataRequired, InputRequired, Length
from wtforms.widgets import TextInput

from elearn.classes.rules.matching import parse_line
from elearn.core.forms import Form, Line, Lines
from elearn.core.i18n import lazy_gettext as _l

# Written as officers write days: what a browser shows in its own date box follows its language, and 11/12 would mean two days.
DAY_FORMATS = ["%d/%m/%Y", "%Y-%m-%d", "%d-%m-%Y", "%d.%m.%Y"]


class CohortForm(Form):
    course = SelectField(_l("Khoá học"), [DataRequired(_l("Hãy chọn một khoá học."))], coerce=int)
    unit = SelectField(_l("Đơn vị tổ chức"), [DataRequired(_l("Hãy chọn một đơn vị."))], coerce=int)
    starts_on = DateField(
        _l("Ngày bắt đầu"),
        [InputRequired(_l("Hãy ghi ngày bắt đầu."))],
        format=DAY_FORMATS,
        widget=TextInput(),
        description=_l("Ngày/tháng/năm, ví dụ 14/10/2026."),
    )
    due_on = DateField(
        _l("Hạn học xong"),
        [InputRequired(_l("Hãy ghi hạn học xong."))],
        format=DAY_FORMATS,
        widget=TextInput(),
        description=_l("Ngày/tháng/năm, tính đến hết ngày đó. Hạn hiện ở trang “Việc cần làm” của từng học viên."),
    )
    title = Line(
        _l("Tên lớp"), required=False, description=_l("Để trống thì lấy tên khoá học kèm tháng bắt đầu."),
    )  # fmt: skip
    code = Line(
        _l("Mã lớp"), required=False, longest=58, description=_l("Để trống thì hệ thống tự đặt, ví dụ BDNT-2026-10."),
    )  # fmt: skip


class PasteForm(Form):
    text = Lines(_l("Danh sách"), longest=300_000)


class WithdrawForm(Form):
    reason = Line(
        _l("Lý do"),
        [Length(min=5, message=_l("Hãy ghi rõ hơn một chút, ít nhất 5 ký tự."))],
        longest=200,
        description=_l("Lý do được ghi vào nhật ký và hiện ở danh sách người đã rút."),
    )


@dataclass(frozen=True)
class Pasted:
    """What the pasting page sends: lines as first pasted or as put right, and the people chosen for some of them."""

    raws: list[str]
    choices: Mapping[int, int] = field(default_factory=dict)

    @classmethod
    def from_request(cls) -> Pasted:
        """Lines already clear come as text; each doubtful one in a box of its own with a choice beside it."""
        raws = [raw for raw in request.form.get("text", "").splitlines() if not parse_line(raw).is_empty]
        choices: dict[int, int] = {}
        for number, raw in enumerate(request.form.getlist("line")):
            if parse_line(raw).is_empty:
                continue
            chosen = request.form.get(f"choice-{number}", "")
            if chosen.isdecimal() and len(chosen) < 10:
                choices[len(raws)] = int(chosen)
            raws.append(raw)
        return cls(raws, choices)
