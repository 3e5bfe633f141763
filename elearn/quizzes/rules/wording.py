"""The settings of a quiz in words, as its takers and its officers read them: every sentence is made from the settings in force."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Protocol

from elearn.quizzes.rules.review import MOMENTS, THINGS, visible
from elearn.quizzes.rules.timeline import Said

COUNTED: Mapping[str, str] = {
    "best": "Tính lượt cao điểm nhất.",
    "last": "Tính lượt cuối cùng.",
    "first": "Tính lượt đầu tiên.",
    "average": "Tính điểm trung bình của mọi lượt đã nộp.",
}
NAVIGATION: Mapping[str, str] = {
    "free": "Đi lại tự do giữa các câu, sửa câu trả lời được đến lúc nộp.",
    "forward": "Chỉ đi tới: sang câu sau rồi thì không quay lại và không sửa câu trước được.",
}
LATE: Mapping[str, str] = {
    "submit": "Hết giờ, bài tự nộp với các câu đã lưu.",
    "grace": "Hết giờ, còn %(minutes)s phút để gửi nốt và nộp; sau đó bài tự nộp với các câu đã lưu.",
    "discard": "Phải bấm Nộp bài trước khi hết giờ. Bài chưa nộp khi hết giờ không được tính.",
}
PRESETS: Mapping[str, tuple[str, str]] = {
    "after_submit": (
        "Xem hết ngay sau khi nộp",
        "Nộp xong, người làm xem được điểm, câu đúng sai, nhận xét, đáp án và giải thích.",
    ),
    "marks_only": ("Nộp xong chỉ xem điểm", "Nộp xong, người làm xem được điểm; đáp án và phần còn lại hiện sau khi bài đóng."),
    "after_close": (
        "Đóng bài rồi mới xem",
        "Trước giờ đóng không xem được gì ngoài câu trả lời của mình; đóng rồi xem được tất cả.",
    ),
    "nothing": ("Không cho xem", "Người làm chỉ biết bài đã nộp và xem lại câu trả lời của mình, cả sau khi bài đóng."),
}
MOMENT_NAMES: Mapping[str, str] = {
    "during": "Trong lúc làm bài",
    "right_after": "Trong 2 phút sau khi nộp",
    "while_open": "Sau đó, khi bài còn mở",
    "after_close": "Sau khi bài đóng",
}
AFTER_SUBMITTING = "Sau khi nộp"
THING_NAMES: Mapping[str, str] = {
    "marks": "Điểm",
    "correctness": "Câu nào đúng, câu nào sai",
    "feedback": "Nhận xét",
    "right_answer": "Đáp án",
    "explanation": "Giải thích và nguồn",
}
_SHORT: Mapping[str, str] = {
    "marks": "điểm",
    "correctness": "câu nào đúng",
    "feedback": "nhận xét",
    "right_answer": "đáp án",
    "explanation": "giải thích và nguồn",
}
STATES: Mapping[str, str] = {"draft": "Bản nháp", "published": "Đã công bố", "archived": "Đã lưu trữ"}
CERTAINTY = (
    "Với mỗi câu, người làm nói mình chắc đến đâu: chưa chắc (1), khá chắc (2) hay chắc chắn (3). Đúng thì câu được 1, 2 hoặc 3 lần điểm;"
    " sai thì mất 0, 2 hoặc 6 lần điểm. Đoán bừa mà nói chắc thì mất nhiều."
)


class Sat(Protocol):
    """A quiz as these sentences see it; `models.Quiz` has it."""

    @property
    def late_policy(self) -> str: ...
    @property
    def grace_seconds(self) -> int: ...
    @property
    def review(self) -> str: ...
    @property
    def review_grid(self) -> Any: ...
    @property
    def closes_at(self) -> Any: ...


def late_said(quiz: Sat) -> Said:
    """What happens when time is over."""
    return Said(LATE[quiz.late_policy], {"minutes": -(-quiz.grace_seconds // 60)} if quiz.late_policy == "grace" else {})


def review_said(quiz: Sat) -> list[tuple[str, str, list[str]]]:
    """What is shown when, where that changes: (how, name of the moment, names of things).

    How: "shows" for the first things, "adds" for more of them, "keeps" where of what was shown before only these stay (none: nothing stays).
    The moment of a quiz that never closes is left out.
    """
    told: list[tuple[str, str, list[str]]] = []
    before: frozenset[str] = frozenset()
    for moment in MOMENTS:
        if moment == "after_close" and quiz.closes_at is None:
            continue
        shown = visible(quiz.review, quiz.review_grid, moment)
        if shown == before:
            continue
        lasts = moment == "right_after" and shown == visible(quiz.review, quiz.review_grid, "while_open")
        name = AFTER_SUBMITTING if lasts else MOMENT_NAMES[moment]
        if before - shown:
            told.append(("keeps", name, _short(shown)))
        else:
            told.append(("adds" if before else "shows", name, _short(shown - before)))
        before = shown
    return told


def _short(things: frozenset[str]) -> list[str]:
    return [_SHORT[thing] for thing in THINGS if thing in things]


def shows_only_after_close(review: str, grid: Mapping[str, Sequence[str]] | None) -> bool:
    """Whether the close brings something that is shown at no moment before it."""
    return bool(visible(review, grid, "after_close") - visible(review, grid, "while_open") - visible(review, grid, "right_after"))
