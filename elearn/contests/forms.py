"""Forms of contests."""

from __future__ import annotations

from wtforms import BooleanField, HiddenField, PasswordField, RadioField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import Length

from elearn.core.forms import Form, Line, Lines
from elearn.core.i18n import lazy_gettext as _l


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
    sex = RadioField(
        _l("Giới tính"), choices=[SelectChoice("female", _l("Nữ")), SelectChoice("male", _l("Nam"))], validate_choice=False
    )
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


class ReasonForm(Form):
    reason = Line(_l("Lý do"), longest=400, description=_l("Người dự thi đọc được lý do này."))


class ObjectionForm(Form):
    text = Lines(
        _l("Điều bạn khiếu nại"),
        longest=2000,
        description=_l("Nói rõ bạn cho là sai ở đâu: hạng, số câu đúng, tên, đơn vị hay điều khác."),
    )


class AnswerForm(Form):
    answer = Lines(_l("Trả lời"), longest=2000, description=_l("Người khiếu nại đọc được câu trả lời này."))
