"""Forms of contests."""

from __future__ import annotations

from wtforms import HiddenField

from elearn.core.forms import Form, Line
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
