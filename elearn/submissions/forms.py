"""Forms of written work. What is typed into an assignment's own boxes is read by `Typed`, for the boxes are data."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from flask import request
from wtforms import DateField, SelectField
from wtforms.validators import InputRequired
from wtforms.widgets import TextInput

from elearn.core.forms import Form, Line, Lines
from elearn.core.i18n import lazy_gettext as _l
from elearn.submissions.rules.files import LARGEST_FILE

DAY_FORMATS = ["%d/%m/%Y", "%Y-%m-%d", "%d-%m-%Y", "%d.%m.%Y"]


class ReturnForm(Form):
    reason = Lines(_l("Cần bổ sung gì"), longest=1000, description=_l("Người nộp đọc đúng những dòng này."))


class ExemptForm(Form):
    reason = Line(
        _l("Lý do miễn"), longest=300, description=_l("Ví dụ: đảng viên trên 75 tuổi, sức khoẻ yếu. Lý do hiện trong danh sách.")
    )


class TightenForm(Form):
    unit = SelectField(_l("Áp dụng cho"), coerce=int)
    due_on = DateField(
        _l("Hạn mới"), [InputRequired(_l("Hãy ghi hạn mới."))], format=DAY_FORMATS, widget=TextInput(),
        description=_l("Ngày/tháng/năm, tính đến hết ngày đó. Chỉ được sớm hơn hoặc bằng hạn cấp trên giao."),
    )  # fmt: skip


class WriterForm(Form):
    code = Line(_l("Mã thành viên"), longest=40, description=_l("Mã có trong danh sách thành viên, ví dụ DV00012."))


@dataclass(frozen=True)
class Typed:
    """What the page of writing sends."""

    answers: Mapping[str, str]
    revision: int
    file_name: str
    file_data: bytes

    @classmethod
    def from_request(cls) -> Typed:
        """Boxes are named answer-KEY; a file is read to one byte above what is taken, so that a larger one is noticed."""
        answers = {name[7:]: value for name, value in request.form.items() if name.startswith("answer-")}
        revision = request.form.get("revision", "")
        sent = request.files.get("file")
        has_file = sent is not None and bool(sent.filename)
        return cls(
            answers,
            int(revision) if revision.isdecimal() and len(revision) < 10 else 0,
            (sent.filename or "") if sent is not None and has_file else "",
            sent.stream.read(LARGEST_FILE + 1) if sent is not None and has_file else b"",
        )
