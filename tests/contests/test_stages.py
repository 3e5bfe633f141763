"""A contest from its qualifier to a stage with three judges, through the pages; and what those pages refuse."""

from __future__ import annotations

import io
import re
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from flask import Flask
from python_calamine import CalamineWorkbook
from sqlalchemy import select

from elearn.audit.models import AuditEntry
from elearn.contests import services
from elearn.contests.models import Entry, Round, StageContestant, StagePart, StageScore, StageScoreVersion, Standing
from elearn.contests.queries import stages
from elearn.contests.queries.counted import counted_select
from elearn.contests.rules.settings import Advance, PrizeKind, RoundSettings
from elearn.contests.rules.stage import mark_of_part
from elearn.contests.services import RoundSpec
from elearn.contests.services.scoring import give_scores, lock_part
from elearn.core.db import db
from elearn.core.types import MARK_SCALE
from elearn.lib.errors import DomainError
from tests.contests.conftest import AFTER, CLOSES, KIEN, MAI, OPENS, Fair

ADMIN = "/admin/contests/lich-su/rounds/2"
STAGE_OPENS = CLOSES + timedelta(days=1)
STAGE_CLOSES = STAGE_OPENS + timedelta(hours=4)
DURING = STAGE_OPENS + timedelta(hours=1)
LATER = STAGE_CLOSES + timedelta(minutes=1)
JUDGES = {"lan": 3, "phuoc": 8, "yen": 7}
WALL = "/contests/lich-su/rounds/2/stage"


class Hall(Fair):
    """A contest whose second round is on a stage, for the first two of the first."""

    def prepare(self, client: Any) -> None:
        """Two parts with criteria, three judges with Lan in the chair, through the officer's pages."""
        for title, weight, criteria in (
            ("Chào hỏi", "100", [("Nội dung", "10"), ("Phong cách", "5")]),
            ("Thuyết trình", "200", [("Nội dung", "10")]),
        ):
            assert client.post(f"{ADMIN}/stage/parts", data={"title": title, "weight": weight}).status_code == 302
            number = db.session.scalar(select(db.func.max(StagePart.number)))
            for name, points in criteria:
                client.post(f"{ADMIN}/stage/parts/{number}/criteria", data={"title": name, "points": points, "weight": "100"})
        for login, member_id in JUDGES.items():
            client.post(f"{ADMIN}/judges", data={"member": member_id, "chair": "1" if login == "lan" else ""})

    def qualify(self) -> None:
        """Hạnh first, Bình second, Quang third; published."""
        self.sit(1, 4)
        self.sit(2, 3)
        self.sit(10, 2)
        self.publish(now=AFTER)

    def entries(self) -> dict[str, int]:
        query = select(Entry.display_name, Entry.id).join(StageContestant, StageContestant.entry_id == Entry.id)
        found = dict(db.session.execute(query).all())
        db.session.rollback()
        return found

    def url(self, part: int, entry_id: int) -> str:
        return f"/judging/{self.round(2).id}/parts/{part}/entries/{entry_id}"

    def give(self, client: Any, part: int, entry_id: int, *points: str, key: str = "", **more: str) -> Any:
        ids = [one.id for one in stages.access_part(self.round(2).id, part).criteria]
        db.session.rollback()
        data = {f"points-{number}": value for number, value in zip(ids, points, strict=False)}
        return client.post(
            self.url(part, entry_id), data={**data, "key": key or f"k{part}-{entry_id}-{'-'.join(points)}", **more},
            headers={"Accept": "application/json"},
        )  # fmt: skip


@pytest.fixture
def hall(app: Flask, at: Any) -> Hall:
    found = Hall()
    parts = [{"bank": 1, "level": None, "count": 4}]
    found.contest(
        rounds=(
            RoundSpec("Vòng loại", OPENS, CLOSES, parts, settings=RoundSettings(attempt_limit=3)),
            RoundSpec(
                "Chung kết", STAGE_OPENS, STAGE_CLOSES, kind="stage",
                settings=RoundSettings(advance=Advance(1, 2), prizes=(PrizeKind("Nhất", 1), PrizeKind("Phong cách", 1, given="hand"))),
            ),
        )
    )  # fmt: skip
    return found


@pytest.fixture
def ready(hall: Hall, as_: Any, at: Any) -> Hall:
    """During the stage: Hạnh and Quang on it, Bình having declined."""
    hall.qualify()
    at(AFTER)
    mai = as_("mai")
    hall.prepare(mai)
    binh = db.session.scalar(select(Entry.id).where(Entry.member_id == 2))
    assert mai.post(f"{ADMIN}/advance/{binh}/decline", data={"reason": "Đi công tác"}).status_code == 302
    mai.post(f"{ADMIN}/stage/contestants/advance")
    mai.post(f"{ADMIN}/stage/draw", data={"seed": "36"})
    at(DURING)
    return hall


def test_from_the_qualifier_to_the_standings_of_the_final(ready: Hall, as_: Any, at: Any) -> None:
    hanh, quang = ready.entries()["Trần Thị Hạnh"], ready.entries()["Vũ Đình Quang"]
    assert len(ready.entries()) == 2
    judges = {login: as_(login) for login in JUDGES}
    task = as_("lan").get("/").text
    assert "Chấm điểm Chung kết" in task
    given = {
        ("lan", hanh): (("8,5", "4"), ("9",)), ("phuoc", hanh): (("9", "4,5"), ("8",)), ("yen", hanh): (("8", "5"), ("8,5",)),
        ("lan", quang): (("7", "5"), ("9,5",)), ("phuoc", quang): (("7", "4"), ("9,5",)), ("yen", quang): (("6,5", "4"), ("10",)),
    }  # fmt: skip
    for (login, entry_id), parts in given.items():
        for part, points in enumerate(parts, start=1):
            answer = ready.give(judges[login], part, entry_id, *points)
            assert answer.status_code == 200
            assert re.fullmatch(r"\d{1,2}:\d\d:\d\d", answer.json["saved_at"])

    # Nothing is on the wall until the chair releases a locked part.
    wall = as_()
    first = wall.get(WALL)
    assert "Thứ tự thi" in first.text
    assert wall.get(WALL, headers={"If-None-Match": first.headers["ETag"]}).status_code == 304
    here = f"/judging/{ready.round(2).id}"
    chair = judges["lan"]
    assert "Đủ điểm, chờ khoá" in chair.get(f"{here}/chair").text
    assert chair.post(f"{here}/parts/1/release").status_code == 302  # refused in words: not locked
    assert db.session.scalars(select(StagePart.released_at)).all() == [None, None]
    chair.post(f"{here}/parts/1/lock")
    assert "Thứ tự thi" in wall.get(WALL).text
    chair.post(f"{here}/parts/1/release")
    second = wall.get(WALL, headers={"If-None-Match": first.headers["ETag"]})
    assert second.status_code == 200
    # 8,5 and 4,5; 6,8333333 and 4,3333333
    assert "13,00" in second.text
    assert "11,17" in second.text
    assert second.text.index("Trần Thị Hạnh") < second.text.index("Vũ Đình Quang")
    assert "30," not in second.text  # the sum with the part that is not released

    # Locked points stay as they are; settling waits for all parts.
    refused = ready.give(judges["yen"], 1, hanh, "1", "1", key="late")
    assert (refused.status_code, refused.json["error"]) == (409, "part_locked")
    at(LATER)
    mai = as_("mai")
    assert mai.post(f"{ADMIN}/settle").status_code == 409
    chair.post(f"{here}/parts/2/lock")
    assert mai.post(f"{ADMIN}/settle").status_code == 302
    assert "Chung kết" in mai.get(ADMIN).text
    as_("kien").post(f"{ADMIN}/publish", data={"version": "1"})

    # Weight 200 of the second part turns it round: 13 + 17 against 11,1666667 + 19,3333333
    rows = db.session.scalars(
        select(Standing)
        .join(Entry, Entry.id == Standing.entry_id)
        .where(Entry.round_id == ready.round(2).id)
        .order_by(Standing.position)
    ).all()
    assert [(row.display_name, row.place, row.score, row.prize) for row in rows] == [
        ("Vũ Đình Quang", 1, 305_000_000, "Nhất"), ("Trần Thị Hạnh", 2, 300_000_000, ""),
    ]  # fmt: skip
    db.session.rollback()
    page = as_("hanh").get("/contests/lich-su/rounds/2/standings").text
    for words in ("Chào hỏi", "Thuyết trình", "30,50", "trên 35", "Bạn được 30 điểm; 1 người được điểm cao hơn."):
        assert words in page
    assert "Số câu đúng" not in page
    assert "Giải Nhất" in as_().get("/contests/lich-su/rounds/2/standings/screen").text
    book = CalamineWorkbook.from_filelike(io.BytesIO(as_().get("/contests/lich-su/rounds/2/standings.xlsx").data))
    table = book.get_sheet_by_index(0).to_python()
    head = next(row for row in table if "Hạng" in row)
    assert head[:7] == ["Hạng", "Họ và tên", "Đơn vị", "Chào hỏi", "Thuyết trình", "Điểm", "Giải"]
    assert table[table.index(head) + 1][3:6] == pytest.approx([11.1666667, 19.3333333, 30.5])
    for address in ("/contests", "/contests/lich-su", "/"):
        assert as_("hanh").get(address).status_code == 200


def test_a_correction_wants_the_chair_a_reason_and_keeps_what_was(ready: Hall, as_: Any, at: Any) -> None:
    score_all(ready)
    here = f"/judging/{ready.round(2).id}"
    chair, yen, mai = as_("lan"), as_("yen"), as_("mai")
    for part in (1, 2):
        chair.post(f"{here}/parts/{part}/lock")
    at(LATER)
    first = services.settle_round(ready.round(2).id, MAI, LATER)
    services.publish_round(first.id, KIEN, LATER)
    hanh = ready.entries()["Trần Thị Hạnh"]

    assert yen.post(f"{here}/parts/1/reopen", data={"reason": "x"}).status_code == 403
    chair.post(f"{here}/parts/1/reopen", data={"reason": ""})
    assert db.session.get(StagePart, 1).locked_at is not None
    chair.post(f"{here}/parts/1/reopen", data={"reason": "Thư ký đọc nhầm phiếu"})
    refused = ready.give(yen, 1, hanh, "9", "4")
    assert (refused.status_code, refused.json["error"], refused.json["field"]) == (400, "reason_needed", "reason")
    assert ready.give(yen, 1, hanh, "9", "4", reason="Đọc nhầm 9 thành 8").status_code == 200
    versions = db.session.execute(
        select(StageScoreVersion.version, StageScoreVersion.points, StageScoreVersion.reason)
        .join(StageScore, StageScore.id == StageScoreVersion.score_id)
        .where(StageScore.judge_id == 7, StageScore.entry_id == hanh, StageScore.criterion_id == 1)
        .order_by(StageScoreVersion.version)
    ).all()
    assert [tuple(one) for one in versions] == [(1, Decimal(8), ""), (2, Decimal(9), "Đọc nhầm 9 thành 8")]
    assert "Đọc nhầm 9 thành 8" in chair.get(f"{here}/chair").text

    # The new mark leads to a new version, with a reason, though no place changes; the old marks of the parts stay in the old version.
    chair.post(f"{here}/parts/1/lock")
    assert mai.post(f"{ADMIN}/settle", data={"reason": ""}).status_code == 400
    second = services.settle_round(ready.round(2).id, MAI, LATER, "Sửa phiếu chấm phần chào hỏi")
    assert second.version == 2
    old, new = (stages.results_of_parts(one.id) for one in (first, second))
    assert old[hanh, 1] == 120_000_000
    assert new[hanh, 1] == 123_333_333
    deeds = db.session.scalars(select(AuditEntry.action)).all()
    assert {"lock_stage_part", "reopen_stage_part", "draw_order", "decline_place", "name_judge", "add_contestants"} <= set(deeds)


def score_all(hall: Hall, points: str = "8", style: str = "4") -> None:
    """Everybody gives everybody the same."""
    for entry_id in hall.entries().values():
        for judge_id in JUDGES.values():
            give_scores(1, entry_id, judge_id, {1: points, 2: style}, f"a{judge_id}", DURING)
            give_scores(2, entry_id, judge_id, {3: points}, f"a{judge_id}", DURING)


def test_the_same_sending_twice_is_kept_once_and_a_late_one_does_not_come_back(ready: Hall, as_: Any) -> None:
    hanh, yen = ready.entries()["Trần Thị Hạnh"], as_("yen")
    assert ready.give(yen, 1, hanh, "8", key="first").status_code == 200
    assert ready.give(yen, 1, hanh, "9", key="second").status_code == 200
    assert ready.give(yen, 1, hanh, "8", key="first").status_code == 200
    assert db.session.scalars(select(StageScore.points)).all() == [Decimal(9)]
    assert db.session.scalar(select(db.func.count()).select_from(StageScoreVersion)) == 2
    db.session.rollback()
    refused = ready.give(yen, 1, hanh, "11", key="third")
    assert (refused.status_code, refused.json["field"]) == (400, "1")
    assert "từ 0 đến 10" in refused.json["message"]
    assert ready.give(yen, 1, hanh, "8", key="").status_code == 200
    assert yen.post(ready.url(1, hanh), data={"points-1": "8"}).status_code == 400  # no key


def test_a_sending_that_was_kept_is_acknowledged_after_the_lock_too(ready: Hall, as_: Any) -> None:
    score_all(ready)
    lock_part(1, MAI, DURING)
    hanh = ready.entries()["Trần Thị Hạnh"]
    assert ready.give(as_("yen"), 1, hanh, "8", "4", key="a7").status_code == 200
    assert ready.give(as_("yen"), 1, hanh, "9", "4", key="new").status_code == 409


def test_the_judges_page_works_without_scripts(ready: Hall, as_: Any) -> None:
    hanh, yen = ready.entries()["Trần Thị Hạnh"], as_("yen")
    page = yen.get(ready.url(1, hanh)).text
    assert "Trần Thị Hạnh" in page
    key = re.search(r'name="key" value="(\w+)"', page).group(1)
    refused = yen.post(ready.url(1, hanh), data={"points-1": "8,5", "points-2": "6", "key": key})
    assert refused.status_code == 400
    assert 'value="8,5"' in refused.text
    saved = yen.post(ready.url(1, hanh), data={"points-1": "8,5", "points-2": "4", "key": key}, follow_redirects=True)
    assert "Đã lưu lúc" in saved.text
    overview = yen.get(f"/judging/{ready.round(2).id}").text
    assert "Đã chấm" in overview
    assert "Chưa chấm" in overview
    # What the others give, no judge sees.
    ready.give(as_("phuoc"), 1, hanh, "3,75")
    assert "3,75" not in yen.get(ready.url(1, hanh)).text


def test_who_judges_is_decided_by_name(ready: Hall, as_: Any) -> None:
    here, hanh = f"/judging/{ready.round(2).id}", ready.entries()["Trần Thị Hạnh"]
    for login in ("hanh", "thanh", "dung", "quang"):  # learners, examiners and officers of elsewhere
        client = as_(login)
        for address in (here, f"{here}/chair", ready.url(1, hanh)):
            assert client.get(address).status_code == 404, (login, address)
        assert ready.give(client, 1, hanh, "1").status_code == 404
        assert client.post(f"{here}/parts/1/lock").status_code == 404
    mai, yen = as_("mai"), as_("yen")
    assert mai.get(f"{here}/chair").status_code == 200
    assert mai.get(ready.url(1, hanh)).status_code == 403  # oversees, and gives no points
    assert yen.get(f"{here}/chair").status_code == 403
    assert yen.get(f"{ADMIN}/stage").status_code == 403
    assert as_("thanh").get(f"{ADMIN}/judges").status_code == 403
    assert "Chung kết" in as_("yen").get("/judging").text
    assert "Chung kết" not in as_("hanh").get("/judging").text
    assert ready.give(yen, 1, 999_999, "1").status_code == 404
    assert yen.get(ready.url(9, hanh)).status_code == 404


def test_a_judge_cannot_enter_nor_whoever_entered_judge(ready: Hall, as_: Any) -> None:
    mai = as_("mai")
    assert "đã dự vòng này" in mai.post(f"{ADMIN}/judges", data={"member": 1}, follow_redirects=True).text
    assert "là giám khảo của vòng này" in mai.post(f"{ADMIN}/stage/contestants", data={"member": 7}, follow_redirects=True).text
    ready.give(as_("yen"), 1, ready.entries()["Trần Thị Hạnh"], "8")
    assert "đã cho điểm nên không rút được" in mai.post(f"{ADMIN}/judges/7/dismiss", follow_redirects=True).text
    assert "Đã rút giám khảo" in mai.post(f"{ADMIN}/judges/8/dismiss", follow_redirects=True).text


def test_points_are_given_from_the_opening_on(ready: Hall, as_: Any, at: Any) -> None:
    at(STAGE_OPENS - timedelta(minutes=1))
    answer = ready.give(as_("yen"), 1, ready.entries()["Trần Thị Hạnh"], "8")
    assert (answer.status_code, answer.json["error"]) == (409, "round_not_open")


def test_a_part_is_locked_only_when_nobody_owes_points(ready: Hall, as_: Any) -> None:
    hanh = ready.entries()["Trần Thị Hạnh"]
    ready.give(as_("yen"), 1, hanh, "8", "4")
    with pytest.raises(DomainError) as refusal:
        lock_part(1, MAI, DURING)
    assert refusal.value.code == "scores_missing"
    assert "Phạm Thị Lan Anh (4)" in str(refusal.value)
    assert "Bùi Ngọc Yến (2)" in str(refusal.value)


def test_the_stage_cannot_be_changed_under_the_judges(ready: Hall, as_: Any) -> None:
    hanh, mai = ready.entries()["Trần Thị Hạnh"], as_("mai")
    ready.give(as_("yen"), 1, hanh, "8")
    for address, data in (
        (f"{ADMIN}/stage/parts/1/remove", {}),
        (f"{ADMIN}/stage/parts/1/criteria", {"title": "Thêm", "points": "5", "weight": "100"}),
        (f"{ADMIN}/stage/parts/1/criteria/1/remove", {}),
        (f"{ADMIN}/stage/draw", {"seed": "1"}),
        (f"{ADMIN}/stage/contestants/{hanh}/remove", {}),
    ):
        before = state_of()
        assert "đã có điểm" in mai.post(address, data=data, follow_redirects=True).text.lower(), address
        assert state_of() == before
    assert "Đã bỏ phần thi" in mai.post(f"{ADMIN}/stage/parts/2/remove", follow_redirects=True).text


def state_of() -> Any:
    found = (
        db.session.execute(select(StagePart.id, StagePart.number).order_by(StagePart.id)).all(),
        db.session.execute(select(StageContestant.entry_id, StageContestant.appears).order_by(StageContestant.entry_id)).all(),
    )
    db.session.rollback()
    return found


def test_the_draw_can_be_drawn_again_from_its_number(ready: Hall, as_: Any) -> None:
    before = state_of()
    mai = as_("mai")
    page = mai.post(f"{ADMIN}/stage/draw", data={"seed": "36"}, follow_redirects=True).text
    assert "với số 36" in page
    assert state_of() == before
    orders = set()
    for seed in map(str, range(1, 25)):  # with numbers that nobody chose, twenty-four alike are not seen again
        mai.post(f"{ADMIN}/stage/draw", data={"seed": seed})
        orders.add(tuple(sorted(state_of()[1])))
    assert len(orders) == 2


def test_teams_of_units_and_guests_take_part_in_groups(hall: Hall, as_: Any, at: Any) -> None:
    mai = as_("mai")
    assert "Đã thêm 2 thí sinh" in mai.post(f"{ADMIN}/stage/contestants/units", follow_redirects=True).text
    assert "Không có thí sinh nào mới" in mai.post(f"{ADMIN}/stage/contestants/units", follow_redirects=True).text
    guest = {"name": "Đội khách mời", "unit": "5", "group": "Cơ quan"}
    assert "Đã thêm 1" in mai.post(f"{ADMIN}/stage/contestants", data=guest, follow_redirects=True).text
    assert "Hãy điền ô này" in mai.post(f"{ADMIN}/stage/contestants", data={"unit": "5"}, follow_redirects=True).text
    assert set(hall.entries()) == {"Bình Minh", "Đông Hoà", "Đội khách mời"}
    ward = hall.entries()["Bình Minh"]
    mai.post(f"{ADMIN}/stage/contestants/{ward}/group", data={"group": "Khu dân cư"})
    mai.post(f"{ADMIN}/stage/draw")
    order = db.session.scalars(select(StageContestant.group_title).order_by(StageContestant.appears)).all()
    assert order == ["", "Cơ quan", "Khu dân cư"]
    assert "Chưa có ai được vào tiếp" in mai.post(f"{ADMIN}/stage/contestants/advance", follow_redirects=True).text
    assert "Rút" in mai.post(f"{ADMIN}/stage/contestants/{ward}/remove", follow_redirects=True).text
    assert len(hall.entries()) == 2


def test_who_goes_on_follows_the_published_standings(hall: Hall, as_: Any, at: Any) -> None:
    mai = as_("mai")
    assert "Chưa biết ai được vào" in mai.get(f"{ADMIN}/advance").text
    hall.qualify()
    at(AFTER)
    mai = as_("mai")
    page = mai.get(f"{ADMIN}/advance").text
    assert page.count("Được vào</span>") == 2
    assert "Kế tiếp" in page
    binh = db.session.scalar(select(Entry.id).where(Entry.member_id == 2))
    assert "Hãy ghi lý do" in mai.post(f"{ADMIN}/advance/{binh}/decline", data={"reason": " "}, follow_redirects=True).text
    page = mai.post(f"{ADMIN}/advance/{binh}/decline", data={"reason": "Ốm"}, follow_redirects=True).text
    assert "Được vào thay" in page
    assert "Thôi dự" in page
    assert mai.post(f"{ADMIN}/advance/{binh}/decline", data={"reason": "Ốm"}).status_code == 404
    page = mai.post(f"{ADMIN}/advance/{binh}/restore", follow_redirects=True).text
    assert "Được vào thay" not in page


def test_a_round_with_a_paper_admits_those_who_go_on_and_no_judge(app: Flask, at: Any, as_: Any) -> None:
    found = Hall()
    parts = [{"bank": 1, "level": None, "count": 4}]
    found.contest(
        rounds=(
            RoundSpec("Vòng loại", OPENS, CLOSES, parts, settings=RoundSettings(attempt_limit=3)),
            RoundSpec("Chung kết", STAGE_OPENS, STAGE_CLOSES, parts, settings=RoundSettings(advance=Advance(1, 1)), kind="written"),
        )
    )  # fmt: skip
    found.qualify()
    at(DURING)
    for login, words in (("hanh", "Bắt đầu làm bài"), ("binh", "những người được vào tiếp từ vòng trước"), ("lan", "vòng trước")):
        assert words in as_(login).get("/contests/lich-su/rounds/2").text, login
    with pytest.raises(DomainError) as refusal:
        found.start(2, DURING, 2)
    assert refusal.value.code == "not_advanced"
    assert "cử Trần Thị Hạnh làm giám khảo" in as_("mai").post(f"{ADMIN}/judges", data={"member": 1}, follow_redirects=True).text
    with pytest.raises(DomainError) as refusal:
        found.start(1, DURING, 2)
    assert refusal.value.code == "judges_round"


@pytest.mark.parametrize("leaves_out", [False, True])
def test_the_database_says_what_the_rule_says(ready: Hall, leaves_out: bool) -> None:
    found = ready.round(2)
    found.settings = RoundSettings(leaves_out_extremes=leaves_out).store()
    db.session.commit()
    entries = list(ready.entries().values())
    typed: dict[int, dict[int, list[int]]] = {}
    for n, entry_id in enumerate(entries):
        for m, judge_id in enumerate(JUDGES.values()):
            for criterion in (1, 2, 3):
                points = Decimal((7 * n + 13 * m + 29 * criterion) % 500) / 100
                part = 2 if criterion == 3 else 1
                give_scores(part, entry_id, judge_id, {criterion: str(points)}, "k", DURING)
                typed.setdefault(entry_id, {}).setdefault(criterion, []).append(int(points * MARK_SCALE))
    found = db.session.get(Round, found.id)
    parts = [stages.rule_of(part) for part in stages.list_parts(found.id)]
    expected = {entry_id: sum(mark_of_part(part, given, leaves_out) for part in parts) for entry_id, given in typed.items()}
    said = {row.entry_id: row.score for row in db.session.execute(counted_select(found, found.rules))}
    assert said == expected
    assert len(set(said.values())) == len(said)


def test_it_refuses_pages_of_a_stage_for_other_rounds(hall: Hall, as_: Any) -> None:
    mai = as_("mai")
    assert mai.get("/admin/contests/lich-su/rounds/1/stage").status_code == 404
    assert mai.post("/admin/contests/lich-su/rounds/1/stage/parts", data={"title": "x", "weight": "1"}).status_code == 404
    assert as_().get("/contests/lich-su/rounds/1/stage").status_code == 404
    assert "không có giám khảo" in mai.get("/admin/contests/lich-su/rounds/1/judges").text
    assert as_("dung").get(f"{ADMIN}/stage").status_code in (403, 404)
    assert as_("hanh").get(f"{ADMIN}/advance").status_code == 403
    assert mai.get("/contests/lich-su/rounds/2").status_code == 302  # nothing to start on a stage
