"""Forms of documents and volumes."""

from __future__ import annotations

from flask import request
from wtforms import BooleanField, DateField, IntegerField, MultipleFileField, SelectField
from wtforms.validators import DataRequired, NumberRange, Optional
from wtforms.widgets import TextInput

from elearn.core.forms import Form, Line, Lines
from elearn.core.i18n import lazy_gettext as _l

DAY_FORMATS = ["%d/%m/%Y", "%Y-%m-%d", "%d-%m-%Y", "%d.%m.%Y"]
_NONE = 0


def _day(label: object, hint: object) -> DateField:
    return DateField(label, [Optional()], format=DAY_FORMATS, widget=TextInput(), description=hint)


class DocumentForm(Form):
    shelf = SelectField(_l("Loại tài liệu"))
    unit_id = SelectField(
        _l("Đơn vị quản lý"), coerce=int, description=_l("Người của đơn vị này và các đơn vị trực thuộc đọc được.")
    )
    kind = Line(_l("Thể loại"), longest=40, description=_l("Ví dụ: Nghị quyết, Kế hoạch, Bản tin."))
    number = Line(
        _l("Số hiệu"), required=False, longest=60, description=_l("Như in trên văn bản, ví dụ 05-KH/ĐU. Để trống nếu không có.")
    )
    title = Line(_l("Tên hoặc trích yếu"), longest=400)
    issuer = Line(_l("Cơ quan ban hành"), required=False, longest=200)
    issued_on = _day(_l("Ngày ban hành"), _l("Ngày/tháng/năm, ví dụ 14/10/2026."))
    valid_to = _day(_l("Hết hiệu lực từ ngày"), _l("Để trống khi còn hiệu lực."))
    superseded_by_id = SelectField(_l("Thay thế bởi"), coerce=int)
    read_by = _day(_l("Hạn đọc"), _l("Chỉ dùng cho bản tin: đến hết ngày này. Việc đọc hiện ở trang “Việc cần làm” của đảng viên."))
    volume_id = SelectField(_l("Thuộc tập sách"), coerce=int)
    place = IntegerField(
        _l("Thứ tự trong tập"),
        [Optional(), NumberRange(0, 9999, _l("Hãy ghi một số từ 0 đến 9999."))],
        widget=TextInput(),
        default=0,
    )
    url = Line(_l("Nơi đã công bố"), required=False, longest=500, description=_l("Đường dẫn trang đã đăng, nếu có."))
    text = Lines(
        _l("Nội dung"),
        longest=400_000,
        description=_l("Gõ hoặc dán nội dung. Dòng bắt đầu bằng # là đề mục. Có thể bỏ trống nếu tải tệp lên."),
    )
    files = MultipleFileField(
        _l("Tệp gốc"), description=_l("Word (.docx) hoặc PDF; chữ trong tệp tìm được. Tệp đã tải lên trước đây vẫn còn.")
    )
    is_open = BooleanField(
        _l("Tôi đã kiểm tra: tài liệu này không thuộc danh mục bí mật nhà nước"),
        [DataRequired(_l("Hãy xác nhận tài liệu không phải tài liệu mật."))],
    )

    def chosen(self) -> list[tuple[str, bytes]]:
        """Files chosen, with their bytes."""
        return [(one.filename, one.read()) for one in request.files.getlist("files") if one.filename]

    def or_none(self, name: str) -> int | None:
        """The id chosen; None for "none"."""
        return self[name].data or None


class VolumeForm(Form):
    title = Line(_l("Tên tập sách"), longest=400)
    unit_id = SelectField(_l("Đơn vị quản lý"), coerce=int)
    summary = Lines(_l("Giới thiệu"), longest=1000)
