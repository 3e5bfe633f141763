"""The form of a quiz's settings, without its blueprint."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal
from typing import Any

from flask import request
from wtforms import BooleanField, DateTimeField, IntegerField, RadioField, SelectField
from wtforms.fields.choices import SelectChoice as Option
from wtforms.validators import InputRequired, Length, NumberRange, Optional, ValidationError
from wtforms.widgets import TextInput

from elearn.core.forms import Form, Line, Lines
from elearn.core.i18n import lazy_gettext as _l
from elearn.lib.periods import from_local, local
from elearn.quizzes.models import Quiz
from elearn.quizzes.rules.review import MOMENTS, PRESETS, THINGS
from elearn.quizzes.rules.wording import COUNTED
from elearn.quizzes.services.editing import USUAL_GRACE, Settings

# Written as officers write hours: what a browser shows in its own box follows its language, and 11/12 would mean two days.
HOUR_FORMATS = ["%d/%m/%Y %H:%M", "%d/%m/%Y %Hh%M", "%H:%M %d/%m/%Y", "%d-%m-%Y %H:%M", "%Y-%m-%d %H:%M", "%Y-%m-%dT%H:%M"]
EARLIEST, LATEST = 2000, 2100
LONGEST_MINUTES = 7 * 24 * 60
PENALTIES = ("", "0.25", "0.3333333", "0.5", "1")
GRID = "see-{moment}-{thing}"


class Hour(DateTimeField):
    """A moment on the clock of Viet Nam, typed; `data` is that clock's, without a zone."""

    def __init__(self, label: Any, description: Any, **more: Any) -> None:
        super().__init__(
            label, [Optional(), _in_our_time], format=HOUR_FORMATS, widget=TextInput(), description=description, **more
        )

    def process_formdata(self, valuelist: Any) -> None:
        super().process_formdata([" ".join(value.split()) for value in valuelist])


def _in_our_time(_form: Any, field: DateTimeField) -> None:
    if field.data is not None and not EARLIEST <= field.data.year < LATEST:
        raise ValidationError(_l("Năm không hợp lý. Ví dụ: 14/10/2026 08:00."))


class Whole(IntegerField):
    """A whole number within bounds; empty where it may be."""

    def __init__(self, label: Any, least: int, most: int, is_required: bool = True, **more: Any) -> None:
        first: Any = InputRequired(_l("Hãy điền ô này.")) if is_required else Optional()
        super().__init__(label, [first, NumberRange(least, most)], widget=TextInput(), **more)


class HoursForm(Form):
    opens_at = Hour(_l("Mở lúc"), _l("Ngày/tháng/năm giờ:phút, ví dụ 14/10/2026 08:00. Để trống: mở ngay khi công bố."))
    closes_at = Hour(
        _l("Đóng lúc"), _l("Từ giờ này không mở lượt mới được nữa; lượt đang làm kết thúc. Để trống: không có giờ đóng.")
    )

    def hours(self) -> dict[str, datetime | None]:
        """Both moments in UTC."""
        return {name: from_local(at) if (at := self[name].data) else None for name in ("opens_at", "closes_at")}


class QuizForm(HoursForm):
    title = Line(_l("Tên bài"), description=_l("Người làm bài thấy tên này. Ví dụ: Kiểm tra cuối khoá."))
    intro = Lines(
        _l("Lời dẫn"),
        longest=5000,
        description=_l("Người làm đọc trước khi bắt đầu. Viết chữ thường hoặc Markdown."),
        validators=[Optional()],
    )
    unit = SelectField(_l("Đơn vị tổ chức"), coerce=int)
    for_whom = RadioField(
        _l("Ai được làm"),
        choices=[
            Option("units", _l("Người của đơn vị tổ chức và các đơn vị trực thuộc")),
            Option("all", _l("Mọi người có tài khoản")),
        ],
        default="units",
    )
    questions = RadioField(
        _l("Các câu trong đề"),
        choices=[
            Option("own", _l("Mỗi lượt rút một đề riêng: hai người ngồi cạnh nhau, hai lượt của một người đều khác câu")),
            Option("same", _l("Mọi người cùng một bộ câu, chỉ khác thứ tự")),
        ],
        default="own",
    )
    shuffle_questions = BooleanField(_l("Xáo thứ tự câu trong từng phần"), default=True)
    shuffle_options = BooleanField(
        _l("Xáo thứ tự phương án"),
        default=True,
        description=_l("Phương án phải đứng cuối, như “Tất cả các đáp án trên”, vẫn đứng cuối."),
    )
    minutes = Whole(
        _l("Thời gian làm bài"), 1, LONGEST_MINUTES, default=30, description=_l("Tính từ lúc bấm bắt đầu, không dừng lại.")
    )
    attempts = Whole(_l("Số lượt mỗi người"), 1, 100, default=1)
    wait_minutes = Whole(
        _l("Chờ giữa hai lượt"),
        0,
        60 * 24 * 30,
        is_required=False,
        default=0,
        description=_l("Từ lúc nộp lượt trước. 0: làm lại được ngay."),
    )
    counted = SelectField(_l("Lượt được tính"), choices=[Option(key, _l(words)) for key, words in COUNTED.items()], default="best")
    navigation = RadioField(
        _l("Đi lại giữa các câu"),
        choices=[
            Option("free", _l("Tự do: xem lại và sửa câu trả lời được đến lúc nộp")),
            Option("forward", _l("Chỉ đi tới: sang câu sau rồi thì không quay lại, không sửa câu trước được")),
        ],
        default="free",
    )
    needs_code = BooleanField(
        _l("Cần mã tham gia"),
        description=_l("Hệ thống đặt một mã sáu chữ số kèm mã QR. Bài không tự hiện ở “Việc cần làm”: chỉ ai có mã mới vào được."),
    )
    password = Line(
        _l("Mật khẩu của bài"),
        [Optional(), Length(min=4, max=100, message=_l("Mật khẩu của bài cần từ 4 đến 100 ký tự."))],
        required=False,
        description=_l("Đọc cho cả phòng khi bắt đầu. Để trống: không cần mật khẩu."),
    )
    drops_password = BooleanField(_l("Bỏ mật khẩu đang có"))
    late_policy = RadioField(
        _l("Khi hết giờ mà chưa nộp"),
        choices=[
            Option("submit", _l("Tự nộp: bài nộp lúc hết giờ với các câu đã lưu. Không ai mất bài vì quên bấm Nộp.")),
            Option("grace", _l("Cho thêm ít phút để gửi nốt và nộp; hết phút ấy bài tự nộp với các câu đã lưu.")),
            Option(
                "discard",
                _l("Không tính: lượt chưa bấm Nộp khi hết giờ bị bỏ, dù các câu đã lưu. Chỉ dùng khi thể lệ buộc như vậy."),
            ),
        ],
        default="submit",
    )
    grace_minutes = Whole(_l("Thêm mấy phút"), 1, 60, is_required=False, description=_l("Chỉ dùng với cách “cho thêm ít phút”."))
    pass_percent = Whole(
        _l("Mức đạt"), 1, 100, is_required=False, description=_l("Phần trăm tổng điểm. Để trống: bài không xét đạt hay không đạt.")
    )
    wrong_penalty = SelectField(
        _l("Trừ điểm câu trả lời sai"),
        choices=[
            Option("", _l("Không trừ: trả lời sai và bỏ trống đều được 0 điểm")),
            Option("0.25", _l("Trừ một phần tư số điểm của câu")),
            Option("0.3333333", _l("Trừ một phần ba số điểm của câu")),
            Option("0.5", _l("Trừ một nửa số điểm của câu")),
            Option("1", _l("Trừ bằng số điểm của câu")),
        ],
        description=_l("Bỏ trống không bị trừ. Tổng điểm có thể âm."),
    )
    certainty = BooleanField(_l("Tính điểm theo mức độ chắc chắn"))
    review = RadioField(_l("Người làm xem được gì, khi nào"), choices=[*PRESETS, "custom"], default="after_submit")

    def validate(self, extra_validators: Any = None) -> bool:
        """Whether every field is sound, and the minutes are there where they are needed."""
        is_sound: bool = super().validate(extra_validators)
        minutes = self.grace_minutes
        if self.late_policy.data == "grace" and minutes.data is None and not minutes.errors:
            minutes.errors = [_l("Hãy ghi số phút được thêm.")]
            is_sound = False
        return is_sound

    def grid(self) -> dict[str, list[str]]:
        """What the boxes of the full grid say."""
        asked = request.form if request.method == "POST" else {}
        ticked = {(moment, thing): GRID.format(moment=moment, thing=thing) in asked for moment in MOMENTS for thing in THINGS}
        return {moment: [thing for thing in THINGS if ticked[moment, thing]] for moment in MOMENTS}

    def settings(self, blueprint: list[dict[str, Any]], sections: list[dict[str, Any]] | None) -> Settings:
        """The settings as typed, with a blueprint that was read apart."""
        is_grace = self.late_policy.data == "grace"
        return Settings(
            title=self.title.data or "",
            unit_id=self.unit.data,
            blueprint=blueprint,
            sections=sections,
            intro=(self.intro.data or "").replace("\r\n", "\n").replace("\0", "").strip(),
            is_for_all=self.for_whom.data == "all",
            shuffle_questions=self.shuffle_questions.data,
            shuffle_options=self.shuffle_options.data,
            is_same_for_all=self.questions.data == "same",
            **self.hours(),
            time_limit_seconds=self.minutes.data * 60,
            attempt_limit=self.attempts.data,
            wait_seconds=(self.wait_minutes.data or 0) * 60,
            counted=self.counted.data,
            navigation=self.navigation.data,
            needs_code=self.needs_code.data,
            password=self.password.data or "",
            drops_password=self.drops_password.data,
            late_policy=self.late_policy.data,
            grace_seconds=(self.grace_minutes.data or 1) * 60 if is_grace else USUAL_GRACE,
            pass_percent=self.pass_percent.data,
            wrong_penalty=Decimal(self.wrong_penalty.data) if self.wrong_penalty.data else None,
            certainty=self.certainty.data,
            review=self.review.data,
            review_grid=self.grid() if self.review.data == "custom" else None,
        )


FIELDS: Mapping[str, str] = {"unit_id": "unit", "time_limit_seconds": "minutes", "attempt_limit": "attempts"}
"""Fields of the form by the names that services give them, where they differ."""


def values_of(quiz: Quiz) -> dict[str, Any]:
    """What the form shows for a quiz that is there already."""
    penalty = next((one for one in PENALTIES if one and quiz.wrong_penalty is not None and Decimal(one) == quiz.wrong_penalty), "")
    return {
        "title": quiz.title,
        "intro": quiz.intro,
        "unit": quiz.unit_id,
        "for_whom": "all" if quiz.is_for_all else "units",
        "questions": "same" if quiz.paper_seed else "own",
        "shuffle_questions": quiz.shuffle_questions,
        "shuffle_options": quiz.shuffle_options,
        **hours_of(quiz),
        "minutes": -(-quiz.time_limit_seconds // 60),
        "attempts": quiz.attempt_limit,
        "wait_minutes": -(-quiz.wait_seconds // 60),
        "counted": quiz.counted,
        "navigation": quiz.navigation,
        "needs_code": quiz.join_code is not None,
        "late_policy": quiz.late_policy,
        "grace_minutes": -(-quiz.grace_seconds // 60) if quiz.late_policy == "grace" else None,
        "pass_percent": quiz.pass_percent,
        "wrong_penalty": penalty,
        "certainty": quiz.certainty,
        "review": quiz.review,
    }


def hours_of(quiz: Quiz) -> dict[str, datetime | None]:
    """Both moments on the clock of Viet Nam, without a zone."""
    return {name: local(at).replace(tzinfo=None) if (at := getattr(quiz, name)) else None for name in ("opens_at", "closes_at")}
