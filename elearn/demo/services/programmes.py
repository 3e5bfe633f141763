"""Programmes with their classes as a training officer's year has them: one that takes nominations, two that run, one with its results."""

from __future__ import annotations

import random
from collections import defaultdict
from collections.abc import Sequence
from datetime import date, datetime, timedelta
from decimal import Decimal

from sqlalchemy import select

from elearn.classes import services
from elearn.classes.models import Enrolment
from elearn.classes.queries.nominations import list_ids
from elearn.classes.rules.cohorts import Helper
from elearn.classes.rules.nomination import Act, State
from elearn.classes.rules.programmes import Lesson, Part, Terms
from elearn.classes.rules.sheet import Typed
from elearn.core.db import db
from elearn.demo.services.organisation import Known
from elearn.lib.periods import from_local, local, local_day
from elearn.members.models import Member
from elearn.units.models import Unit

AWARENESS = (
    "Khái lược lịch sử Đảng Cộng sản Việt Nam", "Cương lĩnh xây dựng đất nước trong thời kỳ quá độ lên chủ nghĩa xã hội",
    "Nội dung cơ bản của Điều lệ Đảng", "Học tập và làm theo tư tưởng, đạo đức, phong cách Hồ Chí Minh",
    "Phấn đấu trở thành đảng viên Đảng Cộng sản Việt Nam",
)  # fmt: skip
NEW_MEMBERS = (
    "Chủ nghĩa Mác – Lênin, tư tưởng Hồ Chí Minh", "Độc lập dân tộc gắn liền với chủ nghĩa xã hội",
    "Sức mạnh toàn dân tộc, dân chủ, Nhà nước pháp quyền", "Phát triển kinh tế – xã hội",
    "Giáo dục, khoa học, văn hoá, môi trường", "Quốc phòng, an ninh", "Đối ngoại và hội nhập quốc tế",
    "Nguyên tắc tổ chức, công tác xây dựng Đảng ở cơ sở", "Xây dựng, chỉnh đốn Đảng", "Rèn luyện xứng đáng là người đảng viên",
)  # fmt: skip
UPDATES = ("Kết quả hội nghị Trung ương gần nhất", "Chuyển đổi số trong công tác đảng", "Tình hình địa phương và nhiệm vụ quý tới")
LECTURERS = (Helper("Nguyễn Thị Minh Châu", "Giảng viên chính"), Helper("Trần Quốc Vượng", "Báo cáo viên"))


class Maker:
    """Does what the officer of the province would have done, in the order of the calendar."""

    def __init__(self, officer: Known, unit_id: int, luck: random.Random, now: datetime) -> None:
        self.actor, self.unit_id, self.luck, self.now = (officer.id, officer.name), unit_id, luck, now

    def day(self, days: int, hour: int = 7) -> datetime:
        """An hour of a day so many days from now, as a UTC moment."""
        found = local_day(self.now) + timedelta(days=days)
        return from_local(datetime(found.year, found.month, found.day, hour))

    def programme(self, code: str, name: str, lessons: Sequence[str], periods: int, parts: tuple[Part, ...], **more: object) -> int:
        taught = tuple(Lesson(title, periods) for title in lessons)
        terms = Terms(name, taught, parts=parts, **more)  # type: ignore[arg-type]
        return services.save_programme(self.actor, None, self.unit_id, code, terms, self.day(-200))

    def plan(self, programme: int, code: str, title: str, first: int, last: int, quotas: dict[int, int], capacity: int) -> int:
        plan = services.Plan(
            title, code, self.day(first), self.day(last, 17), quotas, capacity, "place", "Hội trường Trung tâm chính trị tỉnh",
            nominate_until=self.day(first - 6, 17), lecturers=LECTURERS,
        )  # fmt: skip
        return services.plan_cohort(self.actor, programme, self.unit_id, plan, self.day(first - 30))

    def nominate(self, cohort_id: int, by_unit: dict[int, list[int]], at: datetime, acts: Sequence[Act]) -> None:
        for unit_id, people in by_unit.items():
            services.add_nominees(self.actor, cohort_id, unit_id, people, at)
        for what in acts:
            services.act(self.actor, cohort_id, list_ids(cohort_id, _FROM[what]), what, "", at)

    def open(self, cohort_id: int, number: str, first: int) -> None:
        services.open_class(self.actor, cohort_id, number, self._on(first - 3), self.day(first - 3))
        services.set_sheet(self.actor, cohort_id, 10, None, "best", self.day(first))

    def _on(self, days: int) -> date:
        return local_day(self.now) + timedelta(days=days)

    def fill(self, cohort_id: int, parts: Sequence[str], at: datetime) -> list[int]:
        """Marks of everybody in the parts named; returns the enrolments."""
        query = (
            select(Enrolment.id).where(Enrolment.cohort_id == cohort_id, Enrolment.withdrawn_at.is_(None)).order_by(Enrolment.id)
        )
        people = list(db.session.scalars(query))
        cells = []
        for number in people:
            for part in parts:
                mark = Decimal(self.luck.choices((10, 9, 8, 6), (55, 25, 14, 6))[0]) if part == "attended" else self._mark()
                cells.append(Typed((number, part), None, mark))
        services.save_marks(self.actor, cohort_id, cells, at)
        return people

    def _mark(self) -> Decimal:
        return (Decimal(round(min(10.0, max(4.0, self.luck.gauss(7.9, 0.9))) * 4)) / 4).quantize(Decimal("0.01"))

    def finish(self, cohort_id: int, last: int, number: int) -> None:
        services.decide_results(self.actor, cohort_id, {}, f"{number:02}-BB/HĐ", self._on(last + 2), self.day(last + 2))
        services.recognise_results(self.actor, cohort_id, f"{number:02}-QĐ/TTCT", self._on(last + 5), self.day(last + 5))


_FROM = {Act.SUBMIT: [State.DRAFT], Act.CONFIRM: [State.SUBMITTED], Act.APPROVE: [State.CONFIRMED]}
_ALL = (Act.SUBMIT, Act.CONFIRM, Act.APPROVE)


def _by_commune(kind: str, without: Sequence[int] = ()) -> dict[int, list[int]]:
    """Active members of a kind by the unit right below the top to which they belong, the largest first."""
    query = select(Member.id, Unit.path).join(Unit, Unit.id == Member.unit_id).where(Member.kind == kind, Member.status == "active")
    found: dict[int, list[int]] = defaultdict(list)
    for number, path in db.session.execute(query.order_by(Member.id)):
        parts = path.strip("/").split("/")
        if number not in without and len(parts) > 1:
            found[int(parts[1])].append(number)
    return dict(sorted(found.items(), key=lambda item: (-len(item[1]), item[0]))[:12])


def _halves(people: dict[int, list[int]]) -> tuple[dict[int, list[int]], dict[int, list[int]]]:
    """Every second person, and the others; units without anybody are left out."""
    first = {unit: some[::2] for unit, some in people.items()}
    second = {unit: some[1::2] for unit, some in people.items() if some[1::2]}
    return first, second


def make_programmes(officer: Known, learners: Sequence[Known], unit_id: int, luck: random.Random, now: datetime) -> None:
    """Three programmes and four classes; `learners` are guided accounts, who study in one of them."""
    maker, month = Maker(officer, unit_id, luck, now), f"{local(now):%m/%Y}"
    both = (Part("test", Decimal(50)), Part("essay", Decimal(50)))
    awareness = maker.programme(
        "NTVD", "Bồi dưỡng nhận thức về Đảng", AWARENESS, 5, both, kinds=("outstanding",), age_from=18, not_holding="NTVD",
        certificate_kind="NTVD", validity_months=60, audience=("quần chúng ưu tú",),
    )  # fmt: skip
    fresh = maker.programme(
        "DVM", "Bồi dưỡng lý luận chính trị cho đảng viên mới", NEW_MEMBERS, 4, both, kinds=("probationary", "official"),
        not_holding="DVM", certificate_kind="DVM", validity_months=None, audience=("đảng viên mới",),
    )  # fmt: skip
    updates = maker.programme(
        "CNKT",
        "Cập nhật kiến thức cho cán bộ chủ chốt",
        UPDATES,
        4,
        (Part("essay", Decimal(70)), Part("participation", Decimal(30))),
    )
    running, coming = _halves(_by_commune("outstanding"))
    if running:
        _running(maker, awareness, running, month)
    if coming:
        _coming(maker, awareness, coming)
    done = _by_commune("probationary", [one.id for one in learners])
    if done:
        _done(maker, fresh, done)
    _own(maker, updates, learners)


def _running(maker: Maker, programme: int, people: dict[int, list[int]], month: str) -> None:
    total = sum(map(len, people.values()))
    quotas = {unit: len(some) + 1 for unit, some in people.items()}
    cohort = maker.plan(
        programme, f"NTVD-{local(maker.now):%Y-%m}", f"Bồi dưỡng nhận thức về Đảng, khoá {month}", -2, 2, quotas, total + 5
    )
    maker.nominate(cohort, people, maker.day(-12), _ALL)
    maker.open(cohort, "41-QĐ/TTCT", -2)
    maker.fill(cohort, ["attended"], maker.day(-1))
    services.ask_essay(
        maker.actor, cohort, "Bài thu hoạch: phấn đấu trở thành đảng viên",
        "Liên hệ bản thân với tiêu chuẩn đảng viên trong Điều lệ Đảng.", maker.day(6, 17), True, maker.day(-2),
    )  # fmt: skip


def _coming(maker: Maker, programme: int, people: dict[int, list[int]]) -> None:
    """Lists in every state: some confirmed and waiting for approval, some only sent, one still a draft, more than there are places."""
    units = list(people)
    quotas = {unit: len(people[unit]) + 1 for unit in units}
    placed = sum(len(people[unit]) for unit in units[::3])
    title = f"Bồi dưỡng nhận thức về Đảng, khoá {maker.day(20):%m/%Y} (lớp 2)"
    cohort = maker.plan(programme, "NTVD-LOP-2", title, 20, 24, quotas, max(1, placed - 1))
    maker.nominate(cohort, {unit: people[unit] for unit in units[::3]}, maker.day(-5), _ALL)
    maker.nominate(cohort, {unit: people[unit] for unit in units[1::3]}, maker.day(-3), _ALL[:2])
    sent = {unit: people[unit] for unit in units[2::3]}
    maker.nominate(cohort, sent, maker.day(-1), _ALL[:1] if len(sent) > 1 else ())


def _done(maker: Maker, programme: int, people: dict[int, list[int]]) -> None:
    quotas = {unit: len(some) for unit, some in people.items()}
    cohort = maker.plan(programme, "DVM-1", "Lớp đảng viên mới, khoá 1", -60, -54, quotas, sum(quotas.values()))
    maker.nominate(cohort, people, maker.day(-75), _ALL)
    maker.open(cohort, "28-QĐ/TTCT", -60)
    enrolments = maker.fill(cohort, ["attended", "test", "essay"], maker.day(-50))
    maker.finish(cohort, -54, 30)
    asks = db.session.get_one(Enrolment, enrolments[0])
    words = "Tôi dự đủ các buổi, đề nghị xem lại điểm bài thu hoạch."
    services.file_appeal((asks.member_id, asks.display_name), asks.id, words, maker.day(-1))


def _own(maker: Maker, programme: int, learners: Sequence[Known]) -> None:
    quotas: dict[int, list[int]] = defaultdict(list)
    paths = dict(db.session.execute(select(Unit.id, Unit.path).where(Unit.id.in_([one.unit_id for one in learners]))).all())
    for one in learners:
        quotas[int(paths[one.unit_id].strip("/").split("/")[1])].append(one.id)
    cohort = maker.plan(
        programme, "CNKT-1", "Cập nhật kiến thức quý này", -1, 3, {unit: len(some) for unit, some in quotas.items()}, 60
    )
    maker.nominate(cohort, dict(quotas), maker.day(-9), _ALL)
    maker.open(cohort, "40-QĐ/TTCT", -1)
    services.ask_essay(
        maker.actor, cohort, "Bài thu hoạch sau đợt cập nhật kiến thức", "Nêu một việc sẽ làm ở chi bộ mình sau đợt học.",
        maker.day(8, 17), True, maker.day(-1),
    )  # fmt: skip
