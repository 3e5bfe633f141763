"""The rules of a contest as five answered questions, worded from the rules that are applied."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from elearn.contests.rules.candidates import Criterion
from elearn.contests.rules.settings import MOST_ATTEMPTS, PrizeKind
from elearn.contests.rules.words import Enumeration, Words

# How participants know the holders of a role.
EXCLUDED_NAMES: Mapping[str, str] = {
    "contest_officer": "ban tổ chức",
    "content_editor": "tổ ra đề",
    "reviewer": "tổ thẩm định",
    "examiner": "giám khảo",
    "system_administrator": "người quản trị hệ thống",
    "training_officer": "cán bộ đào tạo",
    "unit_viewer": "người theo dõi số liệu",
}


@dataclass(frozen=True)
class Rule:
    """One question that participants ask, and the sentences that answer it."""

    icon: str
    title: Words
    body: tuple[Words, ...]


@dataclass(frozen=True)
class Terms:
    """The rules in force. `round_word` is what a round is called, e.g. tuần."""

    minimum_age: int | None
    excluded_roles: Sequence[str]
    question_count: int
    time_limit_seconds: int
    attempt_limit: int
    has_prediction: bool
    criteria: Sequence[Criterion]
    prizes: Sequence[PrizeKind]
    round_word: str = "vòng"


def word_rules(terms: Terms) -> list[Rule]:
    """The five questions: who, how, which attempt, which order, which prizes."""
    word = {"round": terms.round_word}
    return [
        Rule("user", Words("Ai được dự"), _who(terms)),
        Rule(
            "list-checks",
            Words("Mỗi lượt"),
            (
                Words("%(count)s câu trong %(time)s.", {"count": terms.question_count, "time": duration(terms.time_limit_seconds)}),
                Words("Số lượt không hạn chế.")
                if terms.attempt_limit >= MOST_ATTEMPTS
                else Words("Mỗi %(round)s tối đa %(limit)s lượt.", {**word, "limit": terms.attempt_limit}),
            ),
        ),
        Rule("check-circle", Words("Lượt được tính"), _counted(terms)),
        Rule("chart", Words("Xếp hạng"), (order(terms.criteria), Words("Vẫn bằng nhau thì đồng hạng."))),
        Rule("medal", Words("Giải mỗi %(round)s", word), _prizes(terms)),
    ]


def _who(terms: Terms) -> tuple[Words, ...]:
    age = terms.minimum_age
    first = Words("Mọi người có tài khoản, từ đủ %(age)s tuổi.", {"age": age}) if age else Words("Mọi người có tài khoản.")
    names = tuple(Words(EXCLUDED_NAMES[role]) for role in EXCLUDED_NAMES if role in terms.excluded_roles)
    return (first, Words("Không dự thi: %(names)s.", {"names": Enumeration(names, last=" và ")})) if names else (first,)


def _counted(terms: Terms) -> tuple[Words, ...]:
    told = [Words("Lượt đúng nhiều câu nhất."), Words("Bằng nhau thì lấy lượt nộp sớm hơn.")]
    if terms.has_prediction:
        told.append(Words("Số dự đoán đi theo lượt ấy."))
    return tuple(told)


def order(criteria: Sequence[Criterion]) -> Words:
    """The chain of criteria in one sentence."""
    return Words("%(chain)s.", {"chain": Enumeration(tuple(Words(one.name) for one in criteria), ", rồi ", ", rồi ")})


def _prizes(terms: Terms) -> tuple[Words, ...]:
    if not terms.prizes:
        return (Words("Không có giải; người dự xem được hạng của mình."),)
    given = tuple(Words("%(count)s %(prize)s", {"count": prize.count, "prize": prize.title}) for prize in terms.prizes)
    return Words("%(prizes)s.", {"prizes": Enumeration(given)}), Words("Mỗi người nhận một giải trong cả cuộc thi.")


def duration(seconds: int) -> Words:
    """A working time in whole minutes, or with seconds where it has any."""
    minutes, rest = divmod(seconds, 60)
    if rest:
        return Words("%(minutes)s phút %(seconds)s giây", {"minutes": minutes, "seconds": rest})
    return Words("%(minutes)s phút", {"minutes": minutes})


def word_for_rounds(titles: Sequence[str], otherwise: str = "vòng") -> str:
    """What rounds are called: "tuần" where the titles read Tuần 1, Tuần 2 …; `otherwise` where they have no word in common."""
    words = {title.rsplit(" ", 1)[0].lower() for title in titles if title.rsplit(" ", 1)[-1].isdecimal()}
    is_common = len(words) == 1 and all(title.rsplit(" ", 1)[-1].isdecimal() for title in titles)
    return words.pop() if is_common and "" not in words else otherwise
