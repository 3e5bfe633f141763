"""What a taker types before starting a quiz."""

from __future__ import annotations

from elearn.core.forms import Form, Line
from elearn.core.i18n import lazy_gettext as _l


class StartForm(Form):
    join_code = Line(_l("Mã tham gia"), required=False, longest=20, description=_l("Sáu chữ số mà người phụ trách thông báo."))
    password = Line(_l("Mật khẩu của bài"), required=False, longest=100, description=_l("Người phụ trách đọc khi bắt đầu."))


class JoinForm(Form):
    code = Line(_l("Mã tham gia"), longest=20, description=_l("Sáu chữ số, có trên màn chiếu hoặc do người phụ trách thông báo."))
