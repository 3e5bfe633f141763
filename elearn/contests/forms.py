"""Forms of contests."""

from __future__ import annotations

from wtforms import HiddenField

from elearn.core.forms import Form, Line, Lines
from elearn.core.i18n import lazy_gettext as _l


class JoinForm(Form):
    """Six digits, as read off a poster; blanks between them do not matter."""

    class Meta(Form.Meta):
        csrf = False

    code = Line(_l("Mã cuộc thi"), longest=20, description=_l("Sáu chữ số, ví dụ 482 610."))


class SettleForm(Form):
    reason = Line(
        _l("Lý do đính chính"), required=False, longest=400, description=_l("Mọi người đọc được lý do này dưới bảng xếp hạng.")
    )


class PublishForm(Form):
    version = HiddenField()


class ReasonForm(Form):
    reason = Line(_l("Lý do"), longest=400, description=_l("Người dự thi đọc được lý do này."))


class ObjectionForm(Form):
    text = Lines(
        _l("Điều bạn khiếu nại"),
        longest=2000,
        description=_l("Nói rõ bạn cho là sai ở đâu: hạng, số câu đúng, tên, đơn vị hay điều khác."),
    )


class AnswerForm(Form):
    answer = Lines(_l("Trả lời"), longest=2000, description=_l("Người khiếu nại đọc được câu trả lời này."))
