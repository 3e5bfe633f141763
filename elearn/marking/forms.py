"""Forms of marking; the points of a rubric are read by the rules, criterion by criterion."""

from __future__ import annotations

from elearn.core.forms import Form, Lines
from elearn.core.i18n import lazy_gettext as _l


class OpinionForm(Form):
    comment = Lines(_l("Nhận xét cho người làm bài"), longest=5000)


class ReopenForm(Form):
    reason = Lines(_l("Lý do chấm lại"), longest=400)
