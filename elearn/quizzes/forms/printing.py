"""The form on which papers are ordered for print."""

from __future__ import annotations

import secrets
from datetime import date
from typing import Any

from wtforms import BooleanField, RadioField
from wtforms.fields.choices import SelectChoice as Option
from wtforms.validators import Regexp

from elearn.core.forms import Form, Line
from elearn.core.i18n import lazy_gettext as _l
from elearn.quizzes.forms.settings import Whole
from elearn.quizzes.models import Quiz
from elearn.quizzes.rules.sheets import MOST_CODES, codes_from
from elearn.quizzes.services.printing import LARGE_SIZE, USUAL_SIZE, Header, Order
from elearn.units.models import Unit

LINES = ("superior", "issuer", "heading", "motto", "place", "title", "subject", "duration", "note")
PARTY = "Đảng Cộng sản Việt Nam"


class PrintForm(Form):
    count = Whole(_l("Số mã đề"), 1, MOST_CODES, default=4)
    first = Whole(_l("Mã đề đầu tiên"), 1, 9000, default=101, description=_l("Các mã sau đánh số liền: 101, 102, 103…"))
    same = RadioField(
        _l("Câu hỏi của các mã đề"),
        choices=[
            Option("same", _l("Cùng một bộ câu, khác thứ tự câu và thứ tự phương án")),
            Option("own", _l("Mỗi mã đề rút một bộ câu riêng")),
        ],
        default="same",
    )
    seed = Line(
        _l("Số gốc"),
        [Regexp("^([0-9a-fA-F]{2}){4,32}$", message=_l("Số gốc gồm từ 8 đến 64 chữ số và chữ cái từ a đến f, số chữ là số chẵn."))],
        longest=64,
        description=_l("Cùng số gốc và ngân hàng không đổi thì in lại được đúng các đề này. Ghi số gốc lại để in thêm về sau."),
    )
    superior = Line(_l("Cơ quan cấp trên"), required=False)
    issuer = Line(_l("Đơn vị ra đề"), required=False)
    heading = Line(_l("Tiêu đề bên phải"), required=False)
    motto = Line(_l("Dòng dưới tiêu đề bên phải"), required=False)
    place = Line(_l("Nơi và ngày"), required=False)
    title = Line(_l("Tên loại đề"))
    subject = Line(_l("Tên bài"), required=False)
    duration = Line(_l("Thời gian"), required=False)
    note = Line(_l("Ghi chú cho người làm"), required=False, longest=400)
    large = BooleanField(_l("In chữ to"), description=_l("Cho người cần chữ to: cỡ chữ 15 thay vì 11."))

    def order(self) -> Order:
        """What is to be printed."""
        return Order(
            tuple(codes_from(self.first.data, self.count.data)),
            (self.seed.data or "").lower(),
            self.same.data == "same",
            LARGE_SIZE if self.large.data else USUAL_SIZE,
            Header(**{name: self[name].data or "" for name in LINES}),
        )


def first_values(quiz: Quiz, above: Unit | None, today: date, words: dict[str, str]) -> dict[str, Any]:
    """What the form proposes: the head as documents of the Party have it. `words` are lines already in the reader's language."""
    return {
        "seed": secrets.token_hex(8),
        "superior": above.name if above else "",
        "issuer": quiz.unit.name,
        "heading": PARTY,
        "subject": quiz.title,
        **words,
    }
