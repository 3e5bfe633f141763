"""The rules of a contest as answered questions, worded from the settings that are applied and from nothing else."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta

from elearn.contests.rules.candidates import Criterion
from elearn.contests.rules.prediction import METRICS, PERCENT_DECIMALS
from elearn.contests.rules.settings import MOST_ATTEMPTS, ContestSettings, Hours, PrizeKind, RoundSettings, UnitFormula
from elearn.contests.rules.unit_scores import word_formula
from elearn.contests.rules.words import Enumeration, Value, Words
from elearn.members.rules.people import KINDS

# How participants know the holders of a role.
EXCLUDED_NAMES: Mapping[str, str] = {
    "contest_officer": "ban tổ chức",
    "content_editor": "tổ ra đề",
    "reviewer": "tổ thẩm định",
    "examiner": "giám khảo",
    "system_administrator": "người quản trị hệ thống",
    "training_officer": "cán bộ đào tạo",
    "personnel_officer": "cán bộ tổ chức, nhân sự",
    "unit_viewer": "người theo dõi số liệu",
}
ASKED_NAMES: Mapping[str, str] = {
    "phone": "số điện thoại",
    "birth_date": "ngày sinh",
    "sex": "giới tính",
    "address": "địa chỉ",
    "unit": "đơn vị",
}
COUNTED_SENTENCES: Mapping[str, tuple[str, ...]] = {
    "best_correct": ("Lượt đúng nhiều câu nhất.", "Bằng nhau thì lấy lượt nộp sớm hơn."),
    "best_score": ("Lượt được điểm cao nhất.", "Bằng nhau thì lấy lượt nộp sớm hơn."),
    "last": ("Lượt nộp sau cùng, dù các lượt trước tốt hơn.",),
    "first": ("Lượt nộp đầu tiên; các lượt sau không tính.",),
}
TARGET_SENTENCES: Mapping[tuple[str, bool], str] = {
    ("attempts", False): "Mỗi đơn vị được giao ít nhất %(count)s lượt dự mỗi %(round)s.",
    ("people", False): "Mỗi đơn vị được giao ít nhất %(count)s người dự mỗi %(round)s.",
    ("attempts", True): "Một số đơn vị được giao ít nhất %(count)s lượt dự mỗi %(round)s.",
    ("people", True): "Một số đơn vị được giao ít nhất %(count)s người dự mỗi %(round)s.",
}
WEEKDAYS = ("thứ Hai", "thứ Ba", "thứ Tư", "thứ Năm", "thứ Sáu", "thứ Bảy", "Chủ nhật")


@dataclass(frozen=True)
class Rule:
    """One question that participants ask: `body` answers it in short, `detail` goes on in the full text.

    `is_main`: stands among the short answers of the contest page too.
    """

    key: str
    icon: str
    title: Words
    body: tuple[Words, ...]
    detail: tuple[Words, ...] = ()
    is_main: bool = True


@dataclass(frozen=True)
class Paper:
    """What is asked in an attempt."""

    question_count: int
    time_limit_seconds: int
    is_fixed: bool = False


@dataclass(frozen=True)
class Terms:
    """The rules in force in a round.

    `settings` are those of the contest as they hold in this round, `criteria` and `prizes` theirs as the reader may be told them.
    `round_word` is what a round is called, e.g. tuần; `round_titles` names rounds by number.
    """

    settings: ContestSettings
    own: RoundSettings
    criteria: Sequence[Criterion]
    prizes: Sequence[PrizeKind]
    first_day: date
    kind: str = "quiz"
    paper: Paper | None = None
    attempt_limit: int | None = None
    unit_names: Sequence[str] = ()
    round_word: str = "vòng"
    round_titles: Mapping[int, str] = field(default_factory=dict)


def word_rules(terms: Terms) -> list[Rule]:
    """Every rule that is applied, the short answers of the contest page first."""
    word: dict[str, Value] = {"round": terms.round_word}
    rules = [
        Rule("who", "user", Words("Ai được dự"), _who(terms), _who_else(terms)),
        Rule("attempt", "list-checks", Words("Mỗi lượt"), _attempt(terms), _attempt_more(terms)),
        Rule("counted", "check-circle", Words("Lượt được tính"), _counted(terms)),
        Rule("ranking", "chart", Words("Xếp hạng"), (order(terms.criteria), *_ties(terms)), _criteria(terms)),
        Rule("prizes", "medal", Words("Giải mỗi %(round)s", word), _prizes(terms), _prizes_more(terms)),
        Rule("prediction", "edit", Words("Câu dự đoán"), _prediction(terms), is_main=False),
        Rule("advance", "arrow-up", Words("Vào vòng này"), _advance(terms), is_main=False),
        Rule("units", "org-tree", Words("Xếp hạng đơn vị"), _units(terms), is_main=False),
        Rule("results", "clock", Words("Công bố kết quả"), _results(terms), is_main=False),
    ]
    return [rule for rule in rules if rule.body]


def show_day(day: date) -> str:
    """A day as rules write it: 31/03/2010."""
    return f"{day:%d/%m/%Y}"


def _who(terms: Terms) -> tuple[Words, ...]:
    rules = terms.settings
    told = [Words("Mọi người, có tài khoản hay không.") if rules.audience == "everybody" else Words("Mọi người có tài khoản.")]
    if terms.unit_names:
        told.append(Words("Chỉ dành cho người của %(units)s.", {"units": _names(terms.unit_names)}))
    if rules.member_kinds:
        told.append(
            Words("Đối tượng: %(kinds)s.", {"kinds": Enumeration(tuple(Words(KINDS[kind]) for kind in rules.member_kinds))})
        )
    told += _ages(terms)
    names = [Words(EXCLUDED_NAMES[role]) for role in EXCLUDED_NAMES if role in rules.excluded_roles]
    if rules.excludes_writers:
        names.append(Words("người đã viết hay thẩm định câu hỏi có thể ra trong đề"))
    if names:
        told.append(Words("Không dự thi: %(names)s.", {"names": Enumeration(tuple(names), last=" và ")}))
    return tuple(told)


def _ages(terms: Terms) -> list[Words]:
    rules = terms.settings
    values: dict[str, Value] = {"day": show_day(rules.age_on or terms.first_day)}
    told = []
    if rules.minimum_age and rules.maximum_age:
        both: dict[str, Value] = {**values, "age": rules.minimum_age, "most": rules.maximum_age}
        told.append(Words("Từ đủ %(age)s tuổi đến hết %(most)s tuổi, tính vào ngày %(day)s.", both))
    elif rules.minimum_age:
        told.append(Words("Từ đủ %(age)s tuổi, tính vào ngày %(day)s.", {**values, "age": rules.minimum_age}))
    elif rules.maximum_age:
        told.append(Words("Đến hết %(most)s tuổi, tính vào ngày %(day)s.", {**values, "most": rules.maximum_age}))
    born_from, born_to = rules.born_from, rules.born_to
    if born_from and born_to:
        told.append(
            Words(
                "Sinh từ %(first)s đến %(last)s.", {"first": _month_or_day(born_from, True), "last": _month_or_day(born_to, False)}
            )
        )
    elif born_to:
        told.append(Words("Sinh từ %(last)s trở về trước.", {"last": _month_or_day(born_to, False)}))
    elif born_from:
        told.append(Words("Sinh từ %(first)s trở về sau.", {"first": _month_or_day(born_from, True)}))
    return told


def _month_or_day(day: date, is_first: bool) -> Words:
    """A whole month where the day is the first or the last of it, as official forms put it; the day otherwise."""
    is_edge = day.day == 1 if is_first else (day + timedelta(days=1)).day == 1
    return (
        Words("tháng %(month)s", {"month": f"{day.month}/{day.year}"}) if is_edge else Words("ngày %(day)s", {"day": show_day(day)})
    )


def _who_else(terms: Terms) -> tuple[Words, ...]:
    rules = terms.settings
    told = []
    if rules.audience == "everybody":
        asked = tuple(Words(ASKED_NAMES[name]) for name in ASKED_NAMES if name in rules.asked)
        told.append(
            Words("Ai chưa có tài khoản thì khai họ tên, %(fields)s trước khi vào thi.", {"fields": Enumeration(asked)})
            if asked
            else Words("Ai chưa có tài khoản thì khai họ tên trước khi vào thi.")
        )
    if rules.minimum_age or rules.maximum_age or rules.born_from or rules.born_to:
        told.append(Words("Chỉ biết tháng hay năm sinh thì tính từ ngày đầu của tháng hay năm ấy."))
    if rules.excluded_roles or rules.excludes_writers:
        told.append(Words("Hệ thống không cho người thuộc diện này vào thi và ghi lại lần thử."))
    return tuple(told)


def _attempt(terms: Terms) -> tuple[Words, ...]:
    if terms.kind == "total":
        return _total(terms)
    if terms.kind == "stage":
        return (Words("Thi trên sân khấu, ban giám khảo chấm điểm."),)
    told = []
    if terms.kind == "written":
        told.append(Words("Bài viết, giám khảo chấm điểm."))
    if terms.paper:
        values: dict[str, Value] = {"count": terms.paper.question_count, "time": duration(terms.paper.time_limit_seconds)}
        told.append(Words("%(count)s câu trong %(time)s.", values))
    return (*told, *_limits(terms))


def _limits(terms: Terms) -> list[Words]:
    rules, limit = terms.settings, terms.attempt_limit
    word: dict[str, Value] = {"round": terms.round_word}
    told = []
    if rules.attempts_per_day is not None:
        told.append(Words("Mỗi ngày tối đa %(limit)s lượt.", {"limit": rules.attempts_per_day}))
    if limit is not None and limit < MOST_ATTEMPTS:
        told.append(Words("Mỗi %(round)s tối đa %(limit)s lượt.", {**word, "limit": limit}))
    if rules.attempts_per_contest is not None:
        told.append(Words("Cả cuộc thi tối đa %(limit)s lượt.", {"limit": rules.attempts_per_contest}))
    return told or [Words("Số lượt không hạn chế.")]


def _total(terms: Terms) -> tuple[Words, ...]:
    names = [terms.round_titles.get(number, str(number)) for number in terms.own.sources]
    values: dict[str, Value] = {"rounds": _names(names)} if names else {"rounds": Words("các vòng trước")}
    text = "Cộng điểm của %(rounds)s." if terms.own.combined == "sum" else "Lấy vòng cao điểm nhất trong %(rounds)s."
    return (Words(text, values), Words("Không có bài thi riêng."))


def _attempt_more(terms: Terms) -> tuple[Words, ...]:
    told = []
    if terms.paper and terms.kind == "quiz":
        told.append(
            Words("Mọi người cùng một bộ câu hỏi.")
            if terms.paper.is_fixed
            else Words("Mỗi lượt rút một đề riêng từ ngân hàng câu hỏi.")
        )
    if terms.own.hours:
        told.append(
            Words(
                "Chỉ vào thi được trong giờ: %(hours)s.",
                {"hours": Enumeration(tuple(map(word_hours, terms.own.hours)), "; ", "; ")},
            )
        )
    if terms.paper:
        told.append(Words("Đồng hồ tính từ lúc bấm bắt đầu và không dừng lại; hết giờ, bài tự nộp với các câu đã lưu."))
        told.append(Words("Lượt đang làm khi vòng đóng cũng tự nộp lúc ấy."))
    return tuple(told)


def word_hours(hours: Hours) -> Words:
    """Weekdays and hours: thứ Hai đến thứ Sáu, 7:30–17:30."""
    days = sorted(hours.days)
    is_run = len(days) > 2 and days == list(range(days[0], days[-1] + 1))
    named = [Words(WEEKDAYS[day]) for day in days]
    told: Value = Words("%(first)s đến %(last)s", {"first": named[0], "last": named[-1]}) if is_run else Enumeration(tuple(named))
    span = f"{hours.begin.hour}:{hours.begin:%M}–{hours.end.hour}:{hours.end:%M}"
    return Words("%(days)s, %(hours)s", {"days": told, "hours": span})


def _counted(terms: Terms) -> tuple[Words, ...]:
    if terms.kind not in ("quiz", "written") or terms.attempt_limit == 1:
        return ()
    told = [Words(sentence) for sentence in COUNTED_SENTENCES[terms.settings.counted]]
    if terms.own.metric:
        told.append(Words("Số dự đoán đi theo lượt ấy."))
    return tuple(told)


def order(criteria: Sequence[Criterion]) -> Words:
    """The chain of criteria in one sentence."""
    return Words("%(chain)s.", {"chain": Enumeration(tuple(Words(one.name) for one in criteria), ", rồi ", ", rồi ")})


def _ties(terms: Terms) -> tuple[Words, ...]:
    has_lots = any(one.key == "drawn_lots" for one in terms.criteria)
    return () if has_lots else (Words("Vẫn bằng nhau thì đồng hạng."),)


def _criteria(terms: Terms) -> tuple[Words, ...]:
    told = tuple(Words(one.sentence) for one in terms.criteria)
    return (*told, Words("Hai người cùng hạng 2 thì người tiếp theo xếp hạng 4.")) if _ties(terms) else told


def _prizes(terms: Terms) -> tuple[Words, ...]:
    if not terms.prizes:
        return (Words("Không có giải; người dự xem được hạng của mình."),)
    told = []
    for given, text in (
        ("ranking", "%(prizes)s."),
        ("units", "Cho tập thể: %(prizes)s."),
        ("hand", "Do ban tổ chức xét: %(prizes)s."),
    ):
        kinds = tuple(_prize(prize) for prize in terms.prizes if prize.given == given)
        if kinds:
            told.append(Words(text, {"prizes": Enumeration(kinds, "; ", "; ") if _have_amounts(terms) else Enumeration(kinds)}))
    if any(prize.given == "ranking" for prize in terms.prizes):
        told.append(Words(PER_PERSON_SENTENCES[terms.settings.per_person], {"round": terms.round_word}))
    return tuple(told)


PER_PERSON_SENTENCES: Mapping[str, str] = {
    "none": "Một người có thể nhận nhiều giải.",
    "round": "Mỗi người nhận nhiều nhất một giải trong một %(round)s.",
    "contest": "Mỗi người nhận một giải trong cả cuộc thi.",
}


def _have_amounts(terms: Terms) -> bool:
    return any(prize.amount for prize in terms.prizes)


def _prize(prize: PrizeKind) -> Words:
    values: dict[str, Value] = {"count": prize.count, "prize": prize.title, "amount": prize.amount}
    if not prize.amount:
        return Words("%(count)s %(prize)s", values)
    return Words(
        "%(count)s %(prize)s, mỗi giải %(amount)s đồng" if prize.count > 1 else "%(count)s %(prize)s, %(amount)s đồng", values
    )


def _prizes_more(terms: Terms) -> tuple[Words, ...]:
    rules = terms.settings
    if not any(prize.given == "ranking" for prize in terms.prizes):
        return ()
    told = []
    if rules.per_person != "none":
        told.append(Words("Ai đã có giải thì người xếp kế tiếp được nhận thay."))
    if rules.reserves:
        told.append(
            Words(
                "%(count)s người xếp kế tiếp đứng trong danh sách dự bị, được nhận thay khi người đạt giải không đủ điều kiện.",
                {"count": rules.reserves},
            )
        )
    return tuple(told)


def _prediction(terms: Terms) -> tuple[Words, ...]:
    metric = METRICS.get(terms.own.metric)
    if metric is None:
        return ()
    told = [
        Words(metric.prompt),
        Words("Câu này không tính điểm."),
        Words("Số thật được tính khi chốt vòng, từ các lượt hợp lệ còn lại sau khi huỷ các lượt sai quy định."),
        Words("Đoán thừa hay thiếu như nhau."),
    ]
    if metric.decimals == PERCENT_DECIMALS:
        told.append(Words("Ghi nhiều nhất năm chữ số sau dấu phẩy, ví dụ 87,65432."))
    return tuple(told)


def _advance(terms: Terms) -> tuple[Words, ...]:
    advance = terms.own.advance
    if advance is None:
        return ()
    texts = {
        "all": "Chỉ %(top)s người đứng đầu %(round)s được vào vòng này.",
        "unit": "Chỉ %(top)s người đứng đầu của mỗi đơn vị ở %(round)s được vào vòng này.",
        "group": "Chỉ %(top)s người đứng đầu của mỗi bảng ở %(round)s được vào vòng này.",
    }
    title = terms.round_titles.get(advance.from_round, str(advance.from_round))
    return (Words(texts[advance.per], {"top": advance.top, "round": title}),)


def _units(terms: Terms) -> tuple[Words, ...]:
    formula, targets = terms.settings.units, terms.settings.unit_targets
    told: list[Words] = []
    if formula != UnitFormula() or any(prize.given == "units" for prize in terms.prizes):
        parts = word_formula(formula)
        if list(formula.weights) != ["people"]:
            count = len(formula.weights)
            told.append(Words("Điểm của đơn vị gồm %(parts)s.", {"parts": Enumeration(tuple(parts[:count]), last=" và ")}))
            parts = parts[count:]
        told += parts
        if "pass" in formula.weights:
            told.append(Words("Đạt là được từ %(percent)s%% số điểm.", {"percent": formula.pass_percent}))
        if "rate" in formula.weights and formula.headcount_on:
            told.append(Words("Quân số tính vào ngày %(day)s.", {"day": show_day(formula.headcount_on)}))
    for target in targets:
        values: dict[str, Value] = {"count": target.count, "round": terms.round_word}
        told.append(Words(TARGET_SENTENCES[target.counts, bool(target.unit_ids)], values))
    return tuple(told)


def _results(terms: Terms) -> tuple[Words, ...]:
    rules = terms.settings
    told = []
    if rules.has_live_standings and rules.freeze_minutes:
        told.append(
            Words(
                "Thứ hạng tạm thời hiện trong lúc vòng mở và đứng yên trong %(minutes)s phút cuối.",
                {"minutes": rules.freeze_minutes},
            )
        )
    elif rules.has_live_standings:
        told.append(Words("Thứ hạng tạm thời hiện trong lúc vòng mở."))
    told.append(Words("Kết quả được công bố trên trang này sau khi vòng đóng và được chốt."))
    if rules.objection_days:
        told.append(
            Words(
                "Trong %(days)s ngày từ khi công bố, ai thấy sai thì khiếu nại; sau đó kết quả là chính thức.",
                {"days": rules.objection_days},
            )
        )
    told.append(Words("Kết quả sai được đính chính công khai; bản cũ vẫn xem được."))
    return tuple(told)


def _names(names: Sequence[str]) -> Enumeration:
    return Enumeration(tuple(Words("%(name)s", {"name": name}) for name in names), last=" và ", are_names=True)


def same_rules(one: Terms, other: Terms) -> bool:
    """Whether two rounds follow the same rules, so that one text stands for both."""
    return replace(one, round_titles={}) == replace(other, round_titles={})


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
