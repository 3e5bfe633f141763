"""What the pages of nominations share: reading an act from a form, doing it, telling what became of it."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence

from flask import flash, redirect, request
from flask_login import current_user
from werkzeug.wrappers import Response

from elearn.classes import services
from elearn.classes.rules.nomination import Act, State
from elearn.core import clock
from elearn.core.i18n import gettext, ngettext
from elearn.lib.errors import InvalidInput, NotFound

_DONE: Mapping[State, str] = {
    State.DRAFT: "Đã trả %(num)s người về danh sách đang lập.",
    State.SUBMITTED: "Đã gửi %(num)s người lên cấp trên xác nhận.",
    State.CONFIRMED: "Đã xác nhận %(num)s người, chuyển đơn vị mở lớp duyệt.",
    State.APPROVED: "Đã duyệt %(num)s người.",
    State.ENROLLED: "%(num)s người đã vào lớp.",
    State.WAITING: "%(num)s người vào danh sách chờ vì lớp đã đủ chỗ.",
    State.OFFERED: "%(num)s người được gọi từ danh sách chờ.",
    State.REFUSED: "Đã ghi không duyệt %(num)s người, kèm lý do.",
    State.WITHDRAWN: "Đã rút %(num)s người.",
    State.LAPSED: "%(num)s người quá hạn nhận chỗ.",
}


def sent_ids() -> list[int]:
    """Ids of nominations that the form sends."""
    return [int(one) for one in request.form.getlist("nomination") if one.isdecimal() and len(one) < 10]


def is_act(allowed: Collection[Act]) -> bool:
    """Whether the form asks for one of the acts of this page; anything else is no page of ours: NotFound."""
    if request.form.get("act") not in [act.value for act in allowed]:
        raise NotFound()
    return True


def do(cohort_id: int, chosen: Sequence[int], back: str) -> Response | services.Outcome | InvalidInput:
    """Do the act of the form: a redirect where all is well, the outcome where somebody was left, the refusal where the form is wrong."""
    if not chosen:
        flash(gettext("Chưa chọn ai. Hãy đánh dấu những người cần làm rồi bấm lại."), "warning")
        return redirect(back)
    try:
        outcome = services.act(
            current_user.named, cohort_id, chosen, Act(request.form["act"]), request.form.get("reason", "")[:400], clock.now()
        )
    except InvalidInput as refusal:
        return refusal
    for state, count in outcome.moved.items():
        flash(ngettext(_DONE[state], _DONE[state], count), "success")
    return outcome if outcome.refused else redirect(back)
