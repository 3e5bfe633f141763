"""Everything held about oneself, as a file."""

from __future__ import annotations

from flask import Response
from flask_login import current_user

from elearn.core import clock
from elearn.core.exports.pdf import pdf_answer
from elearn.core.guards import guests_too, signed_in
from elearn.core.i18n import gettext
from elearn.lib.errors import NotFound
from elearn.members.services import own_data as services
from elearn.members.views import blueprint


@blueprint.post("/me/data/<kind>")
@signed_in
@guests_too
def own_data(kind: str) -> Response:
    """One's own data as JSON or PDF."""
    if kind not in ("json", "pdf"):
        raise NotFound()
    title = gettext("Dữ liệu của tôi")
    content = services.export(current_user.named, kind, _labels(), title, clock.now())
    if kind == "pdf":
        return pdf_answer(content, title)
    headers = {"Content-Disposition": 'attachment; filename="data.json"', "Cache-Control": "no-store"}
    return Response(content, mimetype="application/json", headers=headers)


def _labels() -> dict[str, str]:
    return {
        "profile": gettext("Hồ sơ"),
        "sensitive": gettext("Thông tin nhạy cảm"),
        "cards": gettext("Số thẻ đã có"),
        "positions": gettext("Chức vụ"),
        "units": gettext("Đơn vị qua các thời kỳ"),
        "decisions": gettext("Quyết định"),
        "roles": gettext("Quyền được giao"),
        "consents": gettext("Đồng ý về dữ liệu"),
        "requests": gettext("Yêu cầu về dữ liệu"),
        "sign_ins": gettext("Lần đăng nhập"),
        "attempts": gettext("Bài làm"),
        "courses": gettext("Khoá học"),
        "classes": gettext("Lớp học"),
        "entries": gettext("Ghi danh dự thi"),
        "registrations": gettext("Đăng ký dự thi"),
        "standings": gettext("Thứ hạng đã công bố"),
    }
