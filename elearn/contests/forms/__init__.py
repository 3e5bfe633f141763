"""Forms of contests."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from wtforms import DateField, HiddenField, RadioField, SelectField
from wtforms.fields.choices import SelectChoice as Choice
from wtforms.validators import InputRequired
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
