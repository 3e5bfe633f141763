"""The base form: Vietnamese messages, CSRF from Flask-WTF, text normalised on the way in."""

from __future__ import annotations

from typing import Any

from flask_wtf import FlaskForm
from wtforms import StringField, TextAreaField
from wtforms.validators import DataRequired, Length

from elearn.core.i18n import choose_locale, lazy_gettext
from elearn.lib.vietnamese import normalise

# WTForms ships no Vietnamese catalogue; these are the messages that its validators use here.
_MESSAGES = {
    "This field is required.": "Hãy điền ô này.",
    "Not a valid choice.": "Lựa chọn này không có trong danh sách.",
    "Not a valid choice": "Lựa chọn này không có trong danh sách.",
    "Not a valid integer value.": "Hãy nhập một số nguyên.",
    "Not a valid date value.": "Ngày không đúng. Ví dụ: 14/10/2026.",
    "Not a valid datetime value.": "Ngày giờ không đúng.",
    "Number must be between %(min)s and %(max)s.": "Số phải từ %(min)s đến %(max)s.",
    "Number must be at least %(min)s.": "Số phải từ %(min)s trở lên.",
    "Field must be at least %(min)d character long.": "Cần ít nhất %(min)d ký tự.",
    "Field must be at least %(min)d characters long.": "Cần ít nhất %(min)d ký tự.",
    "Field cannot be longer than %(max)d character.": "Tối đa %(max)d ký tự.",
    "Field cannot be longer than %(max)d characters.": "Tối đa %(max)d ký tự.",
    "Field must be between %(min)d and %(max)d characters long.": "Cần từ %(min)d đến %(max)d ký tự.",
    "CSRF token missing.": "Trang đã mở quá lâu. Hãy tải lại trang rồi làm lại.",
}


class _Messages:
    """Gives WTForms its messages in the reader's language; the English ones are its own."""

    def gettext(self, string: str) -> str:
        return string if choose_locale() == "en" else _MESSAGES.get(string, string)

    def ngettext(self, singular: str, plural: str, n: int) -> str:
        return self.gettext(singular if n == 1 else plural)


class Form(FlaskForm):
    """Base of every form."""

    class Meta(FlaskForm.Meta):
        def get_translations(self, form: Any) -> Any:
            return _Messages()


def tidy(value: str | None) -> str | None:
    """One line of text in normal form, without spaces around it."""
    return normalise(value) if value else value


class Line(StringField):
    """One line of text, normalised."""

    def __init__(self, label: Any = None, validators: Any = (), required: bool = True, longest: int = 200, **more: Any) -> None:
        checks = [*([DataRequired(lazy_gettext("Hãy điền ô này."))] if required else []), Length(max=longest), *validators]
        super().__init__(label, checks, filters=[tidy], **more)


class Lines(TextAreaField):
    """Several lines of text."""

    def __init__(self, label: Any = None, validators: Any = (), longest: int = 20_000, **more: Any) -> None:
        super().__init__(label, [Length(max=longest), *validators], **more)
