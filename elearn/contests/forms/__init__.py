"""Forms of contests."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from wtforms import BooleanField, DateField, HiddenField, PasswordField, RadioField, SelectField
from wtforms.fields.choices import SelectChoice as Choice
from wtforms.validators import InputRequired, Length, ValidationError
from wtforms.validators import Optional as MayBeEmpty
from wtforms.widgets import TextInput

from elearn.contests.rules.awards import CHECKS, HOW, REFUSED
from elearn.core.forms import Form, Line, Lines
from elearn.core.i18n import lazy_gettext as _l

DAY_FORMATS = ["%d/%m/%Y", "%Y-%m-%d", "%d-%m-%Y", "%d.%m.%Y"]


class Day(DateField):
    """A day as officers write it."""

    def __init__(self, label: Any, required: bool = True, **more: Any) -> None:
        checks = [InputRequired(_l("Hãy ghi ngày."))] if required else [MayBeEmpty()]
        hint = _l("Ngày/tháng/năm, ví dụ 20/10/2026.")
        super().__init__(label, checks, format=DAY_FORMATS, widget=TextInput(), **{"description": hint, **more})


class JoinForm(Form):
    """Six digits, as read off a poster; blanks between them do not matter."""

    class Meta(Form.Meta):
        csrf = False

    code = Line(_l("Mã cuộc thi"), longest=20, description=_l("Sáu chữ số, ví dụ 482 610."))


class SettleForm(Form):
    reason = Line(
        _l("Lý do đính chính"), required=False, longest=400, description=_l("Mọi người đọc được lý do này dưới bảng xếp hạng.")
    )


class PublishForm(Form):
    version = HiddenField()


class RegisterForm(Form):
    """What entrants without an account say of themselves; what is asked the contest's settings decide, and the rules check."""

    full_name = Line(
        _l("Họ và tên"), required=False, longest=120, description=_l("Như trên giấy tờ: người đoạt giải được xác minh.")
    )
    birth = Line(
        _l("Ngày sinh"),
        required=False,
        longest=20,
        description=_l("Ví dụ 14/10/1980. Chỉ nhớ tháng hoặc năm thì ghi 10/1980, hoặc 1980."),
    )
    phone = Line(_l("Số điện thoại"), required=False, longest=30, description=_l("Để báo tin khi đoạt giải. Không công bố."))
    sex = RadioField(_l("Giới tính"), choices=[Choice("female", _l("Nữ")), Choice("male", _l("Nam"))], validate_choice=False)
    address = Line(_l("Địa chỉ"), required=False, longest=300, description=_l("Số nhà, đường hoặc thôn, xã, tỉnh. Không công bố."))
    unit_words = Line(_l("Tìm đơn vị"), required=False, longest=100)
    unit = RadioField(_l("Đơn vị"), validate_choice=False)
    unit_other = Line(_l("Tên đơn vị hoặc nơi ở, nếu chọn “Khác”"), required=False, longest=200)
    representative = Line(
        _l("Họ tên cha, mẹ hoặc người giám hộ"),
        required=False,
        longest=120,
        description=_l("Chỉ ghi khi người dự thi chưa đủ 16 tuổi."),
    )
    representative_agrees = BooleanField(_l("Tôi là cha, mẹ hoặc người giám hộ và đồng ý cho cháu dự thi."))
    contest_password = PasswordField(_l("Mật khẩu cuộc thi"), [Length(max=128)], description=_l("Do ban tổ chức cho biết."))
    consent = BooleanField(_l("Tôi đã đọc và đồng ý với nội dung trên."))


class ReturnForm(Form):
    """How somebody without an account comes back."""

    phone = Line(_l("Số điện thoại đã đăng ký"), required=False, longest=30)
    code = Line(
        _l("Mã dự thi"),
        required=False,
        longest=60,
        description=_l("Mười sáu chữ và số, nhận khi đăng ký. Chữ hoa hay thường đều được."),
    )


class EnterForm(Form):
    contest_password = PasswordField(_l("Mật khẩu cuộc thi"), [Length(max=128)], description=_l("Do ban tổ chức cho biết."))


class ChooseClaimForm(Form):
    reason = Line(
        _l("Lý do"), required=False, longest=400, description=_l("Ví dụ: đã gọi điện, đối chiếu giấy tờ. Được ghi vào nhật ký.")
    )


class CheckForm(Form):
    """What was found of one winner."""

    kind = HiddenField()
    is_good = HiddenField()
    note = Line(_l("Ghi chú"), required=False, longest=400, description=_l("Ví dụ: gọi lúc 9 giờ, gặp người nhà."))

    @property
    def is_known(self) -> bool:
        """Whether the form names a check and what came of it."""
        return self.kind.data in CHECKS and self.is_good.data in ("yes", "no")


class RefuseForm(Form):
    kind = RadioField(
        _l("Vì sao"), [InputRequired(_l("Hãy chọn một lý do."))], choices=[Choice(key, _l(words)) for key, words in REFUSED.items()]
    )
    reason = Line(_l("Ghi cụ thể"), longest=400, description=_l("Chỉ cán bộ phụ trách đọc được."))


class WhyForm(Form):
    reason = Line(_l("Lý do"), longest=400)


class HandAwardForm(Form):
    """A prize for whom the organiser names: one of those found, or somebody written in."""

    prize = SelectField(_l("Giải"), [InputRequired(_l("Hãy chọn giải."))])
    recipient = RadioField(_l("Trao cho"), validate_choice=False)
    name = Line(_l("Họ tên"), required=False, longest=200, description=_l("Chỉ điền khi người được trao không dự thi ở vòng này."))
    unit_name = Line(_l("Đơn vị của người ấy"), required=False, longest=200)
    reason = Line(_l("Lý do trao giải"), longest=400, description=_l("Ghi vào quyết định và hiện trên trang kết quả."))

    def offer(self, prizes: Mapping[str, str], recipients: Mapping[str, str]) -> None:
        """Fill the lists to choose from: title by prize, name by key of the recipient."""
        self.prize.choices = [Choice(key, words) for key, words in prizes.items()]
        self.recipient.choices = [Choice(key, words) for key, words in recipients.items()]


class HandoverForm(Form):
    handed_on = Day(_l("Ngày trao"))
    handed_by = Line(_l("Người trao"), longest=120)
    how = RadioField(
        _l("Cách trao"), [InputRequired(_l("Hãy chọn cách trao."))], choices=[Choice(key, _l(words)) for key, words in HOW.items()]
    )
    note = Line(_l("Ghi chú"), required=False, longest=400, description=_l("Ví dụ: số phiếu chi, số vận đơn."))


class PaperForm(Form):
    """What an officer types into a document; all of it may stay empty and is then written by hand."""

    class Meta(Form.Meta):
        csrf = False

    style = RadioField(_l("Thể thức"), choices=[Choice("party", _l("Văn bản của Đảng")), Choice("state", _l("Văn bản hành chính"))])
    superior = Line(_l("Cơ quan cấp trên"), required=False)
    issuer = Line(_l("Cơ quan ban hành"), required=False)
    number = Line(_l("Số"), required=False, longest=20)
    office = Line(_l("Ký hiệu cơ quan"), required=False, longest=30, description=_l("Ví dụ BTC."))
    place = Line(_l("Nơi ban hành"), required=False, longest=80, description=_l("Ví dụ An Sơn."))
    day = Day(_l("Ngày ban hành"), required=False, description=_l("Để trống thì in dấu chấm để ghi tay."))
    post = Line(_l("Chức vụ người ký"), required=False, longest=120)
    name = Line(_l("Họ tên người ký"), required=False, longest=120)
    secretary = Line(_l("Thư ký"), required=False, longest=120, description=_l("Người ghi biên bản, hoặc người lập danh sách."))
    present = Line(
        _l("Thành phần dự"), required=False, longest=400, description=_l("Ghi trong biên bản, cách nhau bằng dấu chấm phẩy.")
    )


class ReasonForm(Form):
    reason = Line(_l("Lý do"), longest=400, description=_l("Người dự thi đọc được lý do này."))


class NoteForm(Form):
    note = Line(_l("Bạn đã xem gì, kết luận ra sao"), longest=400)


class ObjectionForm(Form):
    text = Lines(
        _l("Điều bạn khiếu nại"),
        longest=2000,
        description=_l("Nói rõ bạn cho là sai ở đâu: hạng, số câu đúng, tên, đơn vị hay điều khác."),
    )


class AnswerForm(Form):
    answer = Lines(_l("Trả lời"), longest=2000, description=_l("Người khiếu nại đọc được câu trả lời này."))


class RulesAnswerForm(Form):
    answer = Line(_l("Lý do từ chối"), required=False, longest=400, description=_l("Người đề nghị đọc được lý do này."))


class ReceiptForm(Form):
    """A receipt as the sitting page showed it: sixteen signs; blanks and capitals do not matter."""

    class Meta(Form.Meta):
        csrf = False

    receipt = Line(_l("Mã biên nhận"), longest=60, description=_l("16 ký tự gồm chữ số và chữ a đến f, ví dụ 3f09c1d27ab8e640."))

    @property
    def digits(self) -> str:
        """The signs without blanks."""
        return "".join((self.receipt.data or "").split()).lower()

    def validate_receipt(self, field: Line) -> None:
        """Raises ValidationError for what cannot be a receipt."""
        if not re.fullmatch("[0-9a-f]{16}", self.digits):
            raise ValidationError(_l("Mã biên nhận gồm đúng 16 ký tự: chữ số và chữ từ a đến f."))


class DrawForm(Form):
    value = Line(
        _l("Kết quả quay số"), longest=400, description=_l("Ghi đúng như đã công bố, ví dụ 48210. Ghi rồi không sửa được.")
    )
