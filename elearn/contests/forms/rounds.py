"""Forms of rounds: one by itself, and many weekly ones in one step; their papers are rows of the blueprint editor."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import Any

from wtforms import BooleanField, RadioField, SelectField
from wtforms.fields.choices import SelectChoice as Option
from wtforms.validators import Optional

from elearn.contests.forms.contest import COUNTED_CHOICES
from elearn.contests.forms.parts import Day, OfDay, Several
from elearn.contests.models import Round
from elearn.contests.rules.prediction import METRICS
from elearn.contests.rules.settings import MOST_ATTEMPTS, Advance, PrizeKind, RoundSettings
from elearn.contests.rules.typed import closing_days, read_hours, show_hours
from elearn.contests.rules.windows import MOST_ROUNDS, Weekly, Window, numbered, weekly_windows
from elearn.contests.services import RoundSpec
from elearn.core.forms import Form, Line, Lines
from elearn.core.i18n import lazy_gettext as _l
from elearn.lib.errors import InvalidInput
from elearn.lib.periods import from_local, local
from elearn.quizzes.forms.settings import Hour, Whole


class PaperForm(Form):
    """What a round asks and how; shared by one round and by weekly ones."""

    minutes = Whole(_l("Thời gian làm bài"), 1, 7 * 24 * 60, default=10, description=_l("Tính từ lúc bấm bắt đầu, không dừng lại."))
    attempts = Whole(_l("Số lượt mỗi vòng"), 1, MOST_ATTEMPTS, is_required=False, description=_l("Để trống: không hạn chế."))
    questions = RadioField(
        _l("Các câu trong đề"),
        choices=[Option("own", _l("Mỗi lượt rút một đề riêng")), Option("same", _l("Mọi người cùng một bộ câu trong cả vòng"))],
        default="own",
    )
    shuffle_options = BooleanField(_l("Xáo thứ tự phương án"), default=True)
    metric = SelectField(
        _l("Câu dự đoán"),
        choices=[Option("", _l("Không hỏi")), *(Option(key, _l(one.prompt)) for key, one in METRICS.items())],
        default="people_all_correct",
        description=_l("Không tính điểm; dùng để xếp hạng khi bằng nhau."),
    )
    hours = Lines(
        _l("Chỉ vào thi trong giờ"), longest=1000, validators=[Optional()],
        description=_l("Mỗi dòng một khung, ví dụ T2-T6 7:30-17:30. Để trống: suốt thời gian vòng mở."),
    )  # fmt: skip
    pass_percent = Whole(
        _l("Mức đạt"), 1, 100, is_required=False, description=_l("Phần trăm tổng điểm. Dùng cho tỷ lệ đạt của đơn vị.")
    )
    counted = SelectField(_l("Lượt được tính"), choices=[Option("", _l("Như cả cuộc thi")), *COUNTED_CHOICES], default="")
    own_chain = BooleanField(_l("Vòng này xếp hạng theo thứ tự riêng"))
    own_prizes = BooleanField(_l("Vòng này có giải riêng"))
    reason = Line(_l("Lý do sửa"), required=False, longest=400, description=_l("Người duyệt và mọi người dự thi đều đọc được."))

    def own_settings(self, prizes: tuple[PrizeKind, ...] | None, criteria: tuple[str, ...] | None) -> RoundSettings:
        """What rounds decide for themselves. Raises InvalidInput for hours that cannot be read."""
        return RoundSettings(
            metric=self.metric.data or "", hours=read_hours(self.hours.data or ""), attempt_limit=self.attempts.data, criteria=criteria,
            prizes=prizes, counted=self.counted.data or None,
        )  # fmt: skip

    def paper(self, blueprint: list[dict[str, Any]], settings: RoundSettings) -> dict[str, Any]:
        """The values of a round's paper."""
        return {
            "blueprint": blueprint, "time_limit_seconds": self.minutes.data * 60, "is_fixed": self.questions.data == "same",
            "shuffle_options": self.shuffle_options.data, "pass_percent": self.pass_percent.data, "settings": settings,
        }  # fmt: skip


class RoundForm(PaperForm):
    """One round."""

    title = Line(_l("Tên vòng"), longest=120, description=_l("Ví dụ: Tuần 3, Chung kết."))
    title_en = Line(_l("Tên bằng tiếng Anh"), required=False, longest=120)
    kind = RadioField(
        _l("Loại vòng"),
        choices=[
            Option("quiz", _l("Trắc nghiệm: hệ thống chấm ngay")),
            Option("written", _l("Bài viết: giám khảo chấm")),
            Option("stage", _l("Sân khấu: giám khảo chấm từng phần thi")),
            Option("total", _l("Tổng hợp: cộng kết quả các vòng khác, không có bài thi")),
        ],
        default="quiz",
    )
    opens_at = Hour(_l("Mở lúc"), _l("Ngày/tháng/năm giờ:phút, ví dụ 14/10/2026 08:00."))
    closes_at = Hour(_l("Đóng lúc"), _l("Từ giờ này không vào thi được nữa; bài đang làm tự nộp."))
    advance_from = SelectField(_l("Vào vòng này"), coerce=int, default=0)
    advance_top = Whole(_l("Bao nhiêu người đứng đầu"), 1, 100_000, is_required=False)
    advance_per = SelectField(
        _l("Tính trong"),
        choices=[Option("all", _l("Cả vòng ấy")), Option("unit", _l("Mỗi đơn vị")), Option("group", _l("Mỗi bảng"))],
        default="all",
    )
    sources = Several(
        _l("Cộng các vòng"), coerce=int, description=_l("Chỉ dùng với vòng tổng hợp. Không chọn ô nào: mọi vòng đứng trước.")
    )
    combined = RadioField(
        _l("Cách cộng"), choices=[Option("sum", _l("Tổng điểm các vòng")), Option("best", _l("Vòng cao điểm nhất"))], default="sum"
    )

    def validate(self, extra_validators: Any = None) -> bool:
        """Whether every field is sound, and those that hang together agree."""
        is_sound: bool = super().validate(extra_validators)
        for hour in (self.opens_at, self.closes_at):
            if hour.data is None and not hour.errors:
                hour.errors, is_sound = [_l("Hãy điền ô này.")], False
        if self.opens_at.data and self.closes_at.data and self.closes_at.data <= self.opens_at.data:
            self.closes_at.errors, is_sound = [_l("Giờ đóng phải sau giờ mở.")], False
        if self.advance_from.data and not self.advance_top.data and not self.advance_top.errors:
            self.advance_top.errors, is_sound = [_l("Hãy ghi số người được vào.")], False
        return is_sound

    def spec(
        self, blueprint: list[dict[str, Any]], prizes: tuple[PrizeKind, ...] | None, criteria: tuple[str, ...] | None
    ) -> RoundSpec:
        """The round as typed. Raises InvalidInput for hours that cannot be read."""
        settings = self.own_settings(prizes, criteria)
        kind = self.kind.data
        if self.advance_from.data:
            settings = replace(settings, advance=Advance(self.advance_from.data, self.advance_top.data, self.advance_per.data))
        if kind == "total":
            settings = replace(
                settings,
                sources=tuple(sorted(self.sources.data or ())),
                combined=self.combined.data,
                metric="",
                hours=(),
                attempt_limit=None,
            )
        if kind == "stage":
            settings = replace(settings, metric="", hours=(), attempt_limit=None)
        return RoundSpec(
            title=self.title.data or "", title_en=self.title_en.data or "", kind=kind, opens_at=from_local(self.opens_at.data),
            closes_at=from_local(self.closes_at.data), **self.paper(blueprint, settings),
        )  # fmt: skip


WEEKDAYS = ("Thứ Hai", "Thứ Ba", "Thứ Tư", "Thứ Năm", "Thứ Sáu", "Thứ Bảy", "Chủ nhật")


class WeeklyForm(PaperForm):
    """Rounds that return every week, made in one step."""

    count = Whole(_l("Bao nhiêu vòng"), 1, MOST_ROUNDS, default=4, description=_l("Nhiều nhất 60."))
    title = Line(_l("Tên các vòng"), longest=100, default="Tuần {n}", description=_l("{n} là số thứ tự."))
    title_en = Line(_l("Tên bằng tiếng Anh"), required=False, longest=100, default="Week {n}")
    first_day = Day(_l("Ngày mở vòng đầu"), _l("Ví dụ: 16/11/2026. Các vòng sau mở vào cùng thứ trong tuần."), is_required=True)
    opens = OfDay(_l("Mở lúc"), _l("Ví dụ: 10:00."))
    closes_on = SelectField(
        _l("Đóng vào"),
        choices=[*(Option(str(number), _l(name)) for number, name in enumerate(WEEKDAYS)), Option("same", _l("Cùng ngày mở"))],
        default="0",
        description=_l("Ngày ấy gần nhất sau ngày mở."),
    )
    closes = OfDay(_l("Đóng lúc"), _l("Ví dụ: 9:00, để nghỉ một giờ trước vòng sau."))

    def windows(self) -> list[Window]:
        """The windows as typed. Raises InvalidInput naming the field."""
        day = self.first_day.data
        plan = Weekly(self.count.data, day, self.opens.data, closing_days(day.weekday(), self.closes_on.data), self.closes.data)
        try:
            return weekly_windows(plan)
        except InvalidInput as refusal:
            refusal.field = {"days": "closes_on"}.get(refusal.field, refusal.field)
            raise

    def named(self, first_number: int) -> list[tuple[str, str, datetime, datetime]]:
        """Title, English title, opening and closing of each round; numbers begin at `first_number`."""
        english = self.title_en.data or ""
        return [
            (numbered(self.title.data or "", number), numbered(english, number) if english else "", opens_at, closes_at)
            for number, (opens_at, closes_at) in enumerate(self.windows(), start=first_number)
        ]

    def specs(
        self,
        first_number: int,
        blueprint: list[dict[str, Any]],
        prizes: tuple[PrizeKind, ...] | None,
        criteria: tuple[str, ...] | None,
    ) -> list[RoundSpec]:
        """The rounds as typed. Raises InvalidInput naming the field."""
        paper = self.paper(blueprint, self.own_settings(prizes, criteria))
        return [
            RoundSpec(title=title, title_en=title_en, opens_at=opens_at, closes_at=closes_at, **paper)
            for title, title_en, opens_at, closes_at in self.named(first_number)
        ]


def values_of_round(one: Round) -> dict[str, Any]:
    """What the form shows for a round that is there already."""
    own, quiz = one.own_rules, one.paper
    found: dict[str, Any] = {
        "title": one.title, "title_en": one.title_en, "kind": one.kind, "opens_at": local(one.opens_at).replace(tzinfo=None),
        "closes_at": local(one.closes_at).replace(tzinfo=None), "attempts": own.attempt_limit, "metric": own.metric,
        "hours": show_hours(own.hours), "counted": own.counted or "", "own_chain": own.criteria is not None,
        "own_prizes": own.prizes is not None, "sources": list(own.sources), "combined": own.combined,
    }  # fmt: skip
    if own.advance:
        found |= {"advance_from": own.advance.from_round, "advance_top": own.advance.top, "advance_per": own.advance.per}
    if quiz is not None:
        found |= {
            "minutes": -(-quiz.time_limit_seconds // 60), "questions": "same" if quiz.paper_seed else "own",
            "shuffle_options": quiz.shuffle_options, "pass_percent": quiz.pass_percent,
        }  # fmt: skip
    return found
