"""Forms of the organisation tree."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from wtforms import BooleanField, DateField, FileField, IntegerField, RadioField, SelectField, SelectMultipleField
from wtforms.validators import InputRequired, Length, NumberRange, Optional
from wtforms.widgets import CheckboxInput, ListWidget, TextInput

from elearn.core.forms import Form, Line, Lines
from elearn.core.i18n import lazy_gettext as _l

DAY_FORMATS = ["%d/%m/%Y", "%Y-%m-%d", "%d-%m-%Y", "%d.%m.%Y"]


class Day(DateField):
    """A day as officers write it."""

    def __init__(self, label: Any, required: bool = True, description: Any = None, **more: Any) -> None:
        checks = [InputRequired(_l("Hãy ghi ngày."))] if required else [Optional()]
        hint = description or _l("Ngày/tháng/năm, ví dụ 01/07/2025.")
        super().__init__(label, checks, format=DAY_FORMATS, widget=TextInput(), description=hint, **more)


class DecidedForm(Form):
    decision_number = Line(_l("Số quyết định"), required=False, longest=90, description=_l("Ví dụ 328-QĐ/TW."))
    decision_date = Day(_l("Ngày quyết định"), required=False)
    effective_on = Day(_l("Ngày hiệu lực"))

    def offer(self, kinds: Mapping[str, str], siblings: Sequence[tuple[str, str]] = ()) -> None:
        """Fill the lists to choose from."""


class _NamedForm(DecidedForm):
    name = Line(_l("Tên đầy đủ"), description=_l("Như trong văn bản, ví dụ Đảng bộ phường Bình Minh."))
    short_name = Line(_l("Tên ngắn"), required=False, longest=120, description=_l("Dùng trong bảng; để trống thì lấy tên đầy đủ."))


class CreateForm(_NamedForm):
    code = Line(_l("Mã đơn vị"), longest=40, description=_l("Mã không dùng lại được, kể cả khi đơn vị đã kết thúc."))
    kind = SelectField(_l("Loại đơn vị"))
    parent = Line(_l("Trực thuộc"), required=False, description=_l("Mã hoặc tên đơn vị cấp trên. Để trống: ở cấp cao nhất."))

    def offer(self, kinds: Mapping[str, str], siblings: Sequence[tuple[str, str]] = ()) -> None:
        self.kind.choices = list(kinds.items())


class RenameForm(_NamedForm):
    kind = SelectField(_l("Loại đơn vị"), description=_l("Đổi khi xã thành phường chẳng hạn."), validators=[Optional()])

    def offer(self, kinds: Mapping[str, str], siblings: Sequence[tuple[str, str]] = ()) -> None:
        self.kind.choices = [("", _l("giữ nguyên")), *kinds.items()]


class MoveForm(DecidedForm):
    parent = Line(_l("Đơn vị cấp trên mới"), description=_l("Mã hoặc tên. Dấu “-”: đưa lên cấp cao nhất."))


class MergeForm(DecidedForm):
    siblings = SelectMultipleField(
        _l("Sáp nhập với"), widget=ListWidget(prefix_label=False), option_widget=CheckboxInput(), validators=[Optional()]
    )
    units = Lines(_l("Đơn vị khác"), description=_l("Không cùng cấp trên: mỗi dòng một mã hoặc tên."))
    into = Line(
        _l("Mã đơn vị sau sáp nhập"),
        longest=40,
        description=_l("Mã mới thì một đơn vị mới được lập; mã đang có thì các đơn vị nhập vào đơn vị đó."),
    )
    name = Line(_l("Tên đầy đủ sau sáp nhập"), required=False, description=_l("Cần cho đơn vị mới."))
    short_name = Line(_l("Tên ngắn"), required=False, longest=120)
    kind = SelectField(_l("Loại đơn vị"), validators=[Optional()])
    parent = Line(_l("Trực thuộc"), required=False, description=_l("Để trống nếu các đơn vị cùng cấp trên và giữ nguyên như vậy."))

    def offer(self, kinds: Mapping[str, str], siblings: Sequence[tuple[str, str]] = ()) -> None:
        self.kind.choices = [("", _l("như các đơn vị sáp nhập")), *kinds.items()]
        self.siblings.choices = list(siblings)
        if not siblings:
            del self.siblings


class SplitForm(DecidedForm):
    code_1 = Line(_l("Mã phần thứ nhất"), longest=40)
    name_1 = Line(_l("Tên phần thứ nhất"))
    code_2 = Line(_l("Mã phần thứ hai"), required=False, longest=40)
    name_2 = Line(_l("Tên phần thứ hai"), required=False)
    code_3 = Line(_l("Mã phần thứ ba"), required=False, longest=40)
    name_3 = Line(_l("Tên phần thứ ba"), required=False)
    code_4 = Line(_l("Mã phần thứ tư"), required=False, longest=40)
    name_4 = Line(_l("Tên phần thứ tư"), required=False)
    main = RadioField(
        _l("Nơi kế thừa chính"),
        [InputRequired(_l("Hãy chọn nơi kế thừa chính."))],
        description=_l("Người và số liệu của đơn vị cũ được tính về nơi này."),
    )

    def offer(self, kinds: Mapping[str, str], siblings: Sequence[tuple[str, str]] = ()) -> None:
        self.main.choices = [
            ("0", _l("chính đơn vị này, nó tiếp tục")), ("1", _l("phần thứ nhất")), ("2", _l("phần thứ hai")), ("3", _l("phần thứ ba")),
            ("4", _l("phần thứ tư")),
        ]  # fmt: skip


class CloseForm(DecidedForm):
    successor = Line(
        _l("Đơn vị kế thừa"),
        required=False,
        description=_l("Mã hoặc tên. Để trống: không nơi nào kế thừa, khi đó phải hết cấp dưới."),
    )


OPERATION_FORMS: Mapping[str, type[DecidedForm]] = {
    "create": CreateForm, "rename": RenameForm, "move": MoveForm, "merge": MergeForm, "split": SplitForm, "close": CloseForm,
}  # fmt: skip


class UndoForm(Form):
    reason = Line(
        _l("Lý do"),
        [Length(min=5, message=_l("Hãy ghi rõ hơn một chút, ít nhất 5 ký tự."))],
        longest=300,
        description=_l("Lý do được ghi vào nhật ký, kèm tên bạn và thời điểm."),
    )


class UploadForm(Form):
    file = FileField(_l("Tệp bảng ánh xạ"), description=_l("Excel (.xlsx, .xls), .ods hoặc .csv, mỗi dòng một đơn vị cũ."))
    effective_on = Day(
        _l("Ngày hiệu lực chung"),
        required=False,
        description=_l("Cho những dòng không ghi ngày. Ngày/tháng/năm, ví dụ 01/07/2025."),
    )


class OrgsForm(DecidedForm):
    file = FileField(_l("Tệp orgs.csv"), description=_l("Theo chuẩn OneRoster 1.1 hoặc 1.2."))


class HeadcountForm(Form):
    counted_on = Day(_l("Tính đến ngày"))
    people = IntegerField(
        _l("Số người"),
        [InputRequired(_l("Hãy ghi số người.")), NumberRange(0, 10_000_000)],
        description=_l("Không tính đơn vị cấp dưới."),
    )
    source = Line(_l("Nguồn"), required=False, description=_l("Văn bản hoặc người báo cáo."))


class CatchmentForm(Form):
    units = Lines(_l("Các đơn vị được phân công"), description=_l("Mỗi dòng một mã hoặc tên. Để trống: không còn đơn vị nào."))
    valid_from = Day(_l("Từ ngày"))
    decision = Line(_l("Số, ngày quyết định"), required=False, longest=120)


class DetailsForm(Form):
    segment = Line(_l("Khối"), required=False, longest=60, description=_l("Để gộp trong báo cáo, ví dụ Khối xã."))
    is_external = BooleanField(_l("Đơn vị ngoài tổ chức (người học từ nơi khác)"))
