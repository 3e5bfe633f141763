"""Forms of signing in and of one's own account."""

from __future__ import annotations

from wtforms import HiddenField, PasswordField
from wtforms.validators import DataRequired, EqualTo, Length

from elearn.core.forms import Form, Line
from elearn.core.i18n import lazy_gettext as _l


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
