"""A bank of a hundred thousand questions: what its list, its search and the search for doubles cost in CPU. `python -m bench.banks [FOLDER]`.

The questions are put together from words of this file, so that every run has the same ones. Prints one JSON object.
"""

from __future__ import annotations

import json
import random
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from elearn.app import create_app
from elearn.config import Config

QUESTIONS = 100_000
DRAFTS = 10_000
ROUNDS = 15
_STEMS = [
    "Đại hội lần thứ {n} của Đảng bộ {place} họp vào năm nào và bầu bao nhiêu uỷ viên?",
    "Theo Điều {n} Quy định về {subject}, đảng viên ở {place} có trách nhiệm gì?",
    "Nghị quyết số {n} về {subject} đặt mục tiêu nào cho {place}?",
    "Nội dung nào sau đây nói đúng về {subject} tại {place} trong giai đoạn {n}?",
    "Trong chuyên đề {n}, {subject} được hiểu như thế nào ở {place}?",
]
_SUBJECTS = [
    "chuyển đổi số", "hội nhập quốc tế", "xây dựng pháp luật", "kinh tế tư nhân", "công tác cán bộ", "kiểm tra giám sát", "dân vận",
    "học tập và làm theo Bác", "phòng chống tham nhũng", "giáo dục lý luận", "quốc phòng toàn dân", "phát triển nông thôn",
]  # fmt: skip
_WORDS = [
    "nâng",
    "cao",
    "bảo",
    "đảm",
    "thực",
    "hiện",
    "gương",
    "mẫu",
    "đoàn",
    "kết",
    "nhân",
    "dân",
    "tổ",
    "chức",
    "lãnh",
    "đạo",
    "đổi",
    "mới",
    "sáng",
    "tạo",
    "kỷ",
    "luật",
    "tự",
    "giác",
    "phục",
    "vụ",
    "hiệu",
    "quả",
    "công",
    "khai",
    "minh",
    "bạch",
    "trách",
    "nhiệm",
    "phát",
    "triển",
    "bền",
    "vững",
    "kiên",
    "định",
    "sản",
    "xuất",
    "khoa",
    "học",
    "công",
    "nghệ",
    "văn",
    "hoá",
    "xã",
    "hội",
    "thanh",
    "niên",
    "phụ",
    "nữ",
    "công",
    "nhân",
    "nông",
    "dân",
    "trí",
    "thức",
    "biên",
    "giới",
    "hải",
    "đảo",
    "rừng",
    "biển",
    "đô",
    "thị",
    "y",
    "tế",
    "trường",
    "học",
    "bệnh",
    "viện",
    "ngân",
    "sách",
    "đầu",
    "tư",
]


def drafts(count: int, seed: int) -> list[object]:
    """Invented questions."""
    from elearn.questions.rules.exchange import Draft

    chance = random.Random(seed)
    places = [
        f"{kind} {a} {b}"
        for kind in ("xã", "phường")
        for a in ["Bình", "Minh", "An", "Hoà", "Đông", "Sơn", "Tây", "Phú"]
        for b in ["Trung", "Thượng", "Hạ", "Lạc", "Khê"]
    ]
    made: list[object] = []
    for place in range(count):
        stem = chance.choice(_STEMS).format(
            n=chance.randrange(1, 3000), place=chance.choice(places), subject=chance.choice(_SUBJECTS)
        )
        options = [{"text": " ".join(chance.sample(_WORDS, chance.randrange(6, 12)))} for _ in range(4)]
        options[chance.randrange(4)]["right"] = True  # type: ignore[assignment]
        made.append(
            Draft(
                "single_choice", stem, {"options": options}, topic=chance.choice(_SUBJECTS), tags=[chance.choice(_WORDS)],
                level=chance.choice(["nhan_biet", "thong_hieu", "van_dung"]), category=f"Phần {place % 20} / Mục {place % 7}", source="Giáo trình",
            )
        )  # fmt: skip
    return made


def _middle(work: Callable[[], object]) -> float:
    """Median of some rounds in milliseconds of CPU, after one that fills caches: other work on the machine does not count."""
    work()
    taken = []
    for _ in range(ROUNDS):
        began = time.process_time()
        work()
        taken.append((time.process_time() - began) * 1000)
    return round(statistics.median(taken), 1)


def main(folder: Path) -> dict[str, float]:
    """Load, then measure."""
    from flask_migrate import upgrade
    from sqlalchemy import func, select

    from elearn.core import clock
    from elearn.core.db import db, transaction
    from elearn.members.models import Member
    from elearn.members.rules.permissions import Actor, Grant, Role
    from elearn.questions.models import Bank, Question
    from elearn.questions.queries import Filters, list_banks, list_topics, page_of_questions
    from elearn.questions.queries.doubles import doubles_of_bank, find_doubles, parts_of
    from elearn.questions.services import put_drafts
    from tests import cast

    app = create_app(Config(data_dir=str(folder), secret_key="bench" * 8))
    figures: dict[str, float] = {}
    with app.app_context():
        upgrade()
        if not db.session.scalar(select(func.count()).select_from(Member)):
            cast.enter(db)
        if not db.session.scalar(select(func.count()).select_from(Question)):
            began = time.process_time()
            for start in range(0, QUESTIONS, 5000):
                with transaction() as session:
                    bank = session.scalar(select(Bank)) or Bank(code="lon", title="Ngân hàng lớn", unit_id=1)
                    session.add(bank)
                    session.flush()
                    put_drafts(session, bank, drafts(5000, start), None, clock.now(), status="in_use")  # type: ignore[arg-type]
            figures["load_cpu_s"] = round(time.process_time() - began, 1)
        ids, today = [1], clock.now().date()
        bank = db.session.get_one(Bank, 1)
        cases = {
            "list": Filters(), "list_last": Filters(), "search_rare": Filters(q="dai hoi 1234"), "search_common": Filters(q="dang bo"),
            "search_prefix": Filters(q="ngh"), "search_none": Filters(q="khongcotunay"), "search_two": Filters(q="chuyen doi so binh minh"),
            "level": Filters(level="van_dung"), "topic": Filters(topic="dân vận"), "type_dense": Filters(type="single_choice"), "type_empty": Filters(type="essay"),
            "category": Filters(category="Phần 3"), "tag": Filters(tag="đô"), "lint": Filters(lint="missing_explanation"), "lint_rare": Filters(lint="longest_is_key"),
            "expired": Filters(flag="expired"), "status_word": Filters(status="in_use", q="nghi quyet", level="nhan_biet"), "author": Filters(author="7"),
        }  # fmt: skip
        for name, filters in cases.items():
            number = 400 if name == "list_last" else 1

            def page(filters: Filters = filters, number: int = number) -> object:
                db.session.rollback()
                return page_of_questions(ids, filters, number, today)

            figures[f"{name}_cpu_ms"] = _middle(page)
        actor = Actor(4, "/1/", (Grant(Role.SYSTEM_ADMINISTRATOR, "/1/"),))
        figures["banks_cpu_ms"] = _middle(lambda: list_banks(actor))
        figures["topics_cpu_ms"] = _middle(lambda: list_topics(bank))
        client = app.test_client()
        cast.sign_in(app, client, "kien")
        for name, address in (("page", "/admin/questions/lon"), ("page_search", "/admin/questions/lon?q=nghi+quyet+chuyen+doi")):
            figures[f"{name}_cpu_ms"] = _middle(lambda address=address: client.get(address))  # type: ignore[misc]
        fresh = drafts(DRAFTS // 2, 1) + drafts(DRAFTS // 2, 5000)  # half new, half known already
        texts = [parts_of(one.type, one.text, one.body) for one in fresh]  # type: ignore[attr-defined]
        began = time.process_time()
        doubles = find_doubles(None, texts)
        figures["doubles_cpu_s"] = round(time.process_time() - began, 1)
        figures["doubles_found"] = sum(one is not None and one.similarity == 1000 for one in doubles)
        began = time.process_time()
        figures["doubles_of_bank_found"] = len(doubles_of_bank(1))
        figures["doubles_of_bank_cpu_s"] = round(time.process_time() - began, 1)
        began = time.process_time()
        with transaction() as session:
            put_drafts(session, session.get_one(Bank, 1), drafts(DRAFTS, 7), 7, clock.now())  # type: ignore[arg-type]
            session.flush()
            figures["put_10000_cpu_s"] = round(time.process_time() - began, 1)
            session.rollback()
    return figures


if __name__ == "__main__":
    if len(sys.argv) > 1:
        print(json.dumps(main(Path(sys.argv[1])), indent=1))
    else:
        with tempfile.TemporaryDirectory(prefix="bench-banks-") as name:
            print(json.dumps(main(Path(name)), indent=1))
