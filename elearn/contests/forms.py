"""Forms of contests."""

from __future__ import annotations

import re

from wtforms import HiddenField
from wtforms.validators import ValidationError

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


class ReceiptForm(Form):
    """A receipt as the sitting page showed it: sixteen signs; blanks and capitals do not matter."""

    class Meta(Form.Meta):
        csrf = False

    receipt = Line(_l("Mã biên nhận"), longest=60, description=_l("16 ký tự gồm chữ số và chữ a đến f, ví dụ 3f09c1d27ab8e640."))

    @property
    def digits(self) -> str:
        """The signs without blanks."""
        return "".join((self.receipt.data or "").split()).lower()

    def validate_receipt(self, field: Line) -> None:
        """Raises ValidationError for what cannot be a receipt."""
        if not re.fullmatch("[0-9a-f]{16}", self.digits):
            raise ValidationError(_l("Mã biên nhận gồm đúng 16 ký tự: chữ số và chữ từ a đến f."))


class DrawForm(Form):
    value = Line(
        _l("Kết quả quay số"), longest=400, description=_l("Ghi đúng như đã công bố, ví dụ 48210. Ghi rồi không sửa được.")
    )
