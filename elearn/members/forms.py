"""Forms of signing in and of one's own account."""

from __future__ import annotations

from typing import Any

from wtforms import BooleanField, DateField, HiddenField, PasswordField, SelectField
from wtforms.validators import DataRequired, EqualTo, Length, Optional

from elearn.core.forms import Form, Line
from elearn.core.i18n import lazy_gettext as _l


def as_id(given: Any) -> int:
    """A number as a page sends it; 0, which is nobody's, where it is none."""
    text = str(given or "")
    return int(text) if text.isdecimal() and text.isascii() and len(text) < 10 else 0


class SignInForm(Form):
    login = Line(
        _l("Tên đăng nhập"), longest=80, render_kw={"autocomplete": "username", "autocapitalize": "none", "spellcheck": "false"}
    )
    password = PasswordField(
        _l("Mật khẩu"), [DataRequired(_l("Hãy điền ô này.")), Length(max=128)], render_kw={"autocomplete": "current-password"}
    )
    next = HiddenField()


class ChangePasswordForm(Form):
    current = PasswordField(
        _l("Mật khẩu hiện tại"),
        [DataRequired(_l("Hãy điền ô này.")), Length(max=128)],
        render_kw={"autocomplete": "current-password"},
    )
    password = PasswordField(
        _l("Mật khẩu mới"),
        [DataRequired(_l("Hãy điền ô này.")), Length(max=128)],
        description=_l("Ít nhất 8 ký tự. Vài từ không liên quan với nhau thì dễ nhớ mà khó đoán."),
        render_kw={"autocomplete": "new-password"},
    )
    again = PasswordField(
        _l("Nhắc lại mật khẩu mới"),
        [DataRequired(_l("Hãy điền ô này.")), EqualTo("password", _l("Hai lần nhập chưa giống nhau."))],
        render_kw={"autocomplete": "new-password"},
    )


class GrantForm(Form):
    """A role for one person; the view fills the choices with what its reader may hand on."""

    role = SelectField(_l("Quyền"), validate_choice=False)
    unit = SelectField(_l("Đơn vị, kể cả các đơn vị bên dưới"), coerce=as_id, validate_choice=False)
    first_day = DateField(_l("Từ ngày"), [DataRequired(_l("Hãy điền ô này."))])
    last_day = DateField(_l("Đến hết ngày"), [Optional()], description=_l("Để trống nếu không định thời hạn."))
    with_catchment = BooleanField(_l("Cả địa bàn mà trung tâm của đơn vị phục vụ"))
    reason = Line(_l("Lý do, số quyết định"), longest=200)
