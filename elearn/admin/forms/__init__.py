"""Forms of officers' pages."""

from __future__ import annotations

from wtforms.validators import Length

from elearn.core.forms import Form, Line
from elearn.core.i18n import lazy_gettext as _l


class StatusForm(Form):
    reason = Line(
        _l("Lý do"),
        [Length(min=5, message=_l("Hãy ghi rõ hơn một chút, ít nhất 5 ký tự."))],
        longest=300,
        description=_l("Lý do được ghi vào nhật ký, kèm tên bạn và thời điểm."),
    )
