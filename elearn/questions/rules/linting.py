"""What makes an item easy to guess, hard to read or hard to trust: one rule a function, with the words for its author.

A rule of one question takes an `Item` and returns None, or the values for the places in its words. A rule of a whole bank takes all its items.
`elearn/questions/rules/linting.py` is the only place to add one: the list, the page and the command read RULES and TENDENCIES.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from functools import cached_property
from typing import Any

from elearn.lib.vietnamese import fold
from elearn.questions.rules.choices import share
from elearn.questions.rules.texts import Rich, format_of, plain, rich, words_of

Values = Mapping[str, object]


@dataclass(frozen=True)
class Item:
    """A question as the rules see it."""

    type: str
    text: Rich
    body: Mapping[str, Any]
    explanation: Rich = ""
    has_source: bool = False

    @cached_property
    def stem(self) -> str:
        return plain(self.text)

    @cached_property
    def options(self) -> list[tuple[str, bool]]:
        """(words, earns something) of each option of a choice; empty for other types."""
        if self.type not in ("single_choice", "multiple_choice"):
            return []
        return [(plain(option.get("text", "")), share(option) > 0) for option in self.body.get("options", ())]

    @property
    def is_answered(self) -> bool:
        return self.type != "description"


@dataclass(frozen=True)
class Rule:
    """`name` in a list, `words` with %(…)s places about one question or bank, `advice` what to do; Vietnamese source messages."""

    key: str
    name: str
    words: str
    advice: str


RULES: dict[str, Rule] = {}
"""Rules of one question, those worked out from other tables among them (see OUTSIDE)."""
TENDENCIES: dict[str, Rule] = {}
"""Rules of a whole bank."""
_checks: dict[str, Callable[[Item], Values | None]] = {}
_bank_checks: dict[str, Callable[[Sequence[Item]], Values | None]] = {}


def rule(
    key: str, name: str, words: str, advice: str
) -> Callable[[Callable[[Item], Values | None]], Callable[[Item], Values | None]]:
    """Enter a rule of one question."""

    def enter(check: Callable[[Item], Values | None]) -> Callable[[Item], Values | None]:
        RULES[key] = Rule(key, name, words, advice)
        _checks[key] = check
        return check

    return enter


def tendency(
    key: str, name: str, words: str, advice: str
) -> Callable[[Callable[[Sequence[Item]], Values | None]], Callable[[Sequence[Item]], Values | None]]:
    """Enter a rule of a whole bank."""

    def enter(check: Callable[[Sequence[Item]], Values | None]) -> Callable[[Sequence[Item]], Values | None]:
        TENDENCIES[key] = Rule(key, name, words, advice)
        _bank_checks[key] = check
        return check

    return enter


def lint(item: Item) -> dict[str, Values]:
    """What the rules have against a question: the values for the words, by key of the rule."""
    found = {key: check(item) for key, check in _checks.items()}
    return {key: values for key, values in found.items() if values is not None}


def lint_bank(items: Sequence[Item]) -> dict[str, Values]:
    """What the rules have against all questions of a bank together."""
    found = {key: check(items) for key, check in _bank_checks.items()}
    return {key: values for key, values in found.items() if values is not None}


@rule(
    "longest_is_key",
    "Đáp án dài nhất",
    "Đáp án dài %(key)s ký tự, phương án dài thứ hai chỉ %(other)s.",
    "Rút gọn đáp án hoặc viết các phương án khác dài tương đương, kẻo người thi đoán theo độ dài.",
)
def longest_is_key(item: Item) -> Values | None:
    lengths = sorted(((len(words), is_right) for words, is_right in item.options), reverse=True)
    if item.type != "single_choice" or len(lengths) < 3 or not lengths[0][1]:
        return None
    longest, second = lengths[0][0], lengths[1][0]
    return {"key": longest, "other": second} if longest >= 1.3 * second and longest - second >= 10 else None


_EMPHASIS = re.compile(r"\*\*.+?\*\*|__.+?__|\*[^*\s][^*]*\*|<(b|strong|u|em|i)\b[^>]*>.*?</\1>", re.S | re.I)
_NEGATIVE = re.compile(
    r"\b(không (?:phải|đúng|thuộc|bao gồm|gồm|nằm|chính xác|phù hợp|được|có|là|do|nhằm)|ngoại trừ|(?<!kiểm )(?<!loại )(?<!diệt )trừ"
    r"|(?:là|nào|định|biểu|câu|điểm) sai|chưa (?:đúng|chính xác|phù hợp))\b",
    re.I,
)


@rule(
    "negative_stem",
    "Phủ định không làm nổi",
    "Câu hỏi phủ định “%(words)s” mà không in đậm.",
    "In đậm hoặc viết hoa từ phủ định, tốt hơn là hỏi theo hướng khẳng định.",
)
def negative_stem(item: Item) -> Values | None:
    if not item.is_answered or item.type == "essay":
        return None
    bare = plain(rich(_EMPHASIS.sub(" ", words_of(item.text)), format_of(item.text)))
    # A yes-or-no question ("… có đúng không?") is no negative one.
    for found in _NEGATIVE.finditer(bare):
        if not found[0].isupper() and not found[0].split()[0].isupper():
            return {"words": found[0]}
    return None


_ALL = re.compile(
    r"(tat ca|ca (hai|ba|bon|2|3|4)|toan bo)( cac)?( (dap an|phuong an|y|cau|noi dung|lua chon))?( (tren|neu tren|o tren|deu dung|deu sai|dung))*"
    r"|khong (co )?(dap an|phuong an|y|cau|lua chon) nao( (dung|sai|tren|o tren))*|khong co (dap an|phuong an) dung"
    r"|(all|none) of the above"
)


@rule(
    "all_or_none",
    "“Tất cả” hay “không có”",
    "Có phương án “%(words)s”.",
    "Thay bằng một phương án có nội dung; nếu giữ, đánh dấu “phải đứng cuối”.",
)
def all_or_none(item: Item) -> Values | None:
    for words, _ in item.options:
        if _ALL.fullmatch(fold(words).strip(" .")):
            return {"words": words}
    return None


_LETTERS = re.compile(
    r"\b(?:cả )?(?:đáp án |phương án |câu |ý )?[A-F](?:(?:, | và | hoặc )[A-F])+\b|\b(?:đáp án|phương án|câu|ý) [A-F]\b"
)


@rule(
    "letter_reference",
    "Gọi phương án bằng chữ cái",
    "Phương án “%(words)s” gọi phương án khác bằng chữ cái.",
    "Khi đảo phương án, chữ cái đổi theo. Hãy viết rõ nội dung, hoặc tắt đảo phương án cho câu này.",
)
def letter_reference(item: Item) -> Values | None:
    for words, _ in item.options:
        if _LETTERS.search(words):
            return {"words": words}
    return None


_WORD = re.compile("[a-z0-9]+")
_NUMBER = r"(\d+(?:[.,]\d+)*)"
_RANGE = re.compile(rf"(?:từ )?{_NUMBER}\s*(?:-|–|—|đến|tới)\s*(?:dưới )?{_NUMBER}")
_BOUND = re.compile(
    rf"(?:(?P<below>dưới|nhỏ hơn|ít hơn)|(?P<most>không quá|tối đa|đến)|(?P<above>trên|lớn hơn|hơn)|(?P<least>từ|ít nhất|tối thiểu))\s+{_NUMBER}"
)


def _number(words: str) -> Decimal | None:
    text = words.replace(".", "").replace(",", ".") if "," in words or re.fullmatch(r"\d{1,3}(\.\d{3})+", words) else words
    try:
        return Decimal(text)
    except InvalidOperation:
        return None


def _interval(words: str) -> tuple[Decimal, Decimal, str] | None:
    """(low, high, what is counted) where an option is a range of numbers; the ends that words leave out are open."""
    far = Decimal(10) ** 12
    found = _RANGE.search(words.casefold())
    if found:
        low, high = _number(found[1]), _number(found[2])
        return (low, high, fold(words[found.end() :])) if low is not None and high is not None and low < high else None
    bound = _BOUND.match(words.casefold())
    value = _number(bound[5]) if bound else None
    if bound is None or value is None:
        return None
    step = Decimal("0.000001") if bound["below"] or bound["above"] else Decimal(0)
    what = fold(words[bound.end() :])
    return (-far, value - step, what) if bound["below"] or bound["most"] else (value + step, far, what)


@rule(
    "overlapping_options",
    "Phương án chồng lên nhau",
    "“%(one)s” và “%(other)s” chồng lên nhau.",
    "Sửa để không phương án nào bao hàm phương án khác, khoảng số không chung điểm.",
)
def overlapping_options(item: Item) -> Values | None:
    if item.type != "single_choice":
        return None
    told = [(words, _interval(words), f" {' '.join(_WORD.findall(fold(words)))} ") for words, _ in item.options]
    for place, (one, first, one_bare) in enumerate(told):
        for other, second, other_bare in told[place + 1 :]:
            if first and second:
                if first[2] == second[2] and max(first[0], second[0]) <= min(first[1], second[1]):
                    return {"one": one, "other": other}
                continue
            short, long = sorted((one_bare, other_bare), key=len)
            if short != long and short in long and short.count(" ") >= 3:
                return {"one": one, "other": other}
    return None


@rule("option_count", "Số phương án", "Câu có %(count)s phương án.", "Nên có từ 3 đến 5 phương án (câu nhiều đáp án: đến 7).")
def option_count(item: Item) -> Values | None:
    count, most = len(item.options), 5 if item.type == "single_choice" else 7
    return {"count": count} if count and not 3 <= count <= most else None


_ABSOLUTE = re.compile(r"\b(luôn luôn|luôn|không bao giờ|tuyệt đối|hoàn toàn|duy nhất|chỉ có|mọi|bất kỳ|bất cứ|vĩnh viễn)\b", re.I)


@rule(
    "absolute_words",
    "Từ tuyệt đối ở phương án sai",
    "Phương án sai “%(option)s” có từ “%(word)s”, đáp án thì không.",
    "Người thi quen loại phương án có từ tuyệt đối. Hãy bỏ từ đó hoặc viết lại.",
)
def absolute_words(item: Item) -> Values | None:
    if any(is_right and _ABSOLUTE.search(words) for words, is_right in item.options):
        return None
    for words, is_right in item.options:
        found = None if is_right else _ABSOLUTE.search(words)
        if found:
            return {"option": words, "word": found[0]}
    return None


@rule(
    "long_stem",
    "Câu dẫn dài",
    "Câu dẫn dài %(count)s chữ.",
    "Rút câu dẫn xuống dưới 80 chữ; phần cho đọc nên thành câu mô tả riêng.",
)
def long_stem(item: Item) -> Values | None:
    count = len(item.stem.split())
    return {"count": count} if item.type not in ("description", "essay", "gap_fill") and count > 80 else None


_PICTURE = re.compile(r"!\[([^\]]*)\]\([^)]*\)|<img\b[^>]*>", re.I)
_ALT = re.compile(r"""\balt\s*=\s*(?:"\s*[^"\s][^"]*"|'\s*[^'\s][^']*')""", re.I)


@rule(
    "missing_alt",
    "Hình thiếu lời mô tả",
    "Có %(count)s hình không có lời mô tả.",
    "Viết lời mô tả cho hình, để người dùng trình đọc màn hình cũng làm được câu này.",
)
def missing_alt(item: Item) -> Values | None:
    pictures = [found for text in _texts(item) for found in _PICTURE.finditer(text)]
    silent = [one for one in pictures if not (one[1] or "").strip() and not _ALT.search(one[0])]
    return {"count": len(silent)} if silent else None


def _texts(item: Item) -> list[str]:
    found = [words_of(item.text), words_of(item.explanation)]

    def walk(value: object) -> None:
        if isinstance(value, str):
            found.append(value)
        elif isinstance(value, Mapping):
            for part in value.values():
                walk(part)
        elif isinstance(value, list | tuple):
            for part in value:
                walk(part)

    walk(item.body)
    return found


@rule("missing_source", "Thiếu nguồn", "Câu chưa ghi nguồn.", "Ghi văn bản và điều khoản, hoặc nguồn bằng lời.")
def missing_source(item: Item) -> Values | None:
    return {} if item.is_answered and not item.has_source else None


@rule(
    "missing_explanation",
    "Thiếu giải thích",
    "Câu chưa có lời giải thích.",
    "Viết vì sao đáp án đúng; người học đọc sau khi làm bài.",
)
def missing_explanation(item: Item) -> Values | None:
    return {} if item.is_answered and item.type != "essay" and not words_of(item.explanation).strip() else None


RULES["near_duplicate"] = Rule(
    "near_duplicate",
    "Gần giống câu khác",
    "Giống câu %(code)s đến %(percent)s%%.",
    "So hai câu; bỏ một câu hoặc sửa cho khác hẳn, kẻo cả hai vào cùng một đề.",
)
RULES["expired_source"] = Rule(
    "expired_source",
    "Nguồn hết hiệu lực",
    "Văn bản đã hết hiệu lực, hoặc dữ kiện đã quá ngày.",
    "Đối chiếu với văn bản thay thế, rồi sửa hoặc ngừng dùng câu.",
)
OUTSIDE = ("near_duplicate", "expired_source")
"""Rules that depend on other questions or on the day: worked out from the tables whenever they are asked for."""

# Critical values of chi-square at p = 0.01 for 1 … 9 degrees of freedom.
_CRITICAL = (6.635, 9.210, 11.345, 13.277, 15.086, 16.812, 18.475, 20.090, 21.666)


def _places(items: Sequence[Item]) -> dict[int, Counter[int]]:
    """For single choices by number of options: how often the key stands at which place."""
    found: dict[int, Counter[int]] = {}
    for item in items:
        right = [place for place, (_, is_right) in enumerate(item.options) if is_right]
        if item.type == "single_choice" and len(right) == 1 and len(item.options) <= 10:
            found.setdefault(len(item.options), Counter())[right[0]] += 1
    return found


@tendency(
    "key_position",
    "Đáp án lệch vị trí",
    "Trong %(total)s câu %(options)s phương án, đáp án đứng ở %(label)s đến %(count)s lần, nếu đều thì khoảng %(expected)s.",
    "Đổi chỗ các phương án, hoặc cho đề đảo phương án. Kiểm định khi bình phương ở mức 0,01.",
)
def key_position(items: Sequence[Item]) -> Values | None:
    for options, places in sorted(_places(items).items()):
        total = places.total()
        expected = total / options
        if options < 2 or expected < 5:
            continue
        chi_square = sum((places[place] - expected) ** 2 / expected for place in range(options))
        if chi_square > _CRITICAL[options - 2]:
            place, count = places.most_common(1)[0]
            return {"total": total, "options": options, "label": "ABCDEFGHIJ"[place], "count": count, "expected": round(expected)}
    return None


@tendency(
    "longest_tendency",
    "Đáp án thường dài nhất",
    "Ở %(count)s trên %(total)s câu, đáp án là phương án dài nhất; nếu ngẫu nhiên thì khoảng %(expected)s.",
    "Viết các phương án sai dài tương đương đáp án.",
)
def longest_tendency(items: Sequence[Item]) -> Values | None:
    count, total, expected, variance = 0, 0, 0.0, 0.0
    for item in items:
        lengths = [(len(words), is_right) for words, is_right in item.options]
        longest = max((length for length, _ in lengths), default=0)
        if item.type != "single_choice" or [length for length, _ in lengths].count(longest) != 1:
            continue
        chance = 1 / len(lengths)
        total, expected, variance = total + 1, expected + chance, variance + chance * (1 - chance)
        count += max(lengths)[1]
    # Three standard deviations above chance: p below 0.002.
    is_high = total >= 20 and count - expected > 3 * variance**0.5
    return {"count": count, "total": total, "expected": round(expected)} if is_high else None


@tendency(
    "true_false_balance",
    "Đúng sai lệch nhau",
    "Trong %(total)s câu đúng hay sai có %(count)s câu đúng.",
    "Thêm câu của phía ít hơn, kẻo người thi đoán theo phía nhiều.",
)
def true_false_balance(items: Sequence[Item]) -> Values | None:
    answers = [bool(item.body.get("answer")) for item in items if item.type == "true_false"]
    total, count = len(answers), sum(answers)
    return {"total": total, "count": count} if total >= 20 and (2 * count - total) ** 2 > 9 * total else None
