"""Choice interactions, inline and not, as options with their shares of the mark."""

from __future__ import annotations

import itertools
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Any

from elearn.lib.vietnamese import fold
from elearn.questions.rules.qti.items import Item, joined
from elearn.questions.rules.qti.processing import Declaration, Unreadable
from elearn.questions.rules.qti.xml import Node
from elearn.questions.rules.texts import plain

OWN_RULES = "%(place)s: Cách chấm riêng của câu không đọc được; dùng đáp án đúng đã khai báo."
NO_KEY = "%(place)s: Câu không cho biết đáp án đúng."
_ALL_SUBSETS_UP_TO = 6
_NEAR = Fraction(1, 100_000)
_NUMBERINGS = {"decimal": "123", "lower-alpha": "abc", "upper-alpha": "ABC", "none": "none"}
_TRUE, _FALSE = {"dung", "true"}, {"sai", "false"}


def share_words(value: Fraction) -> str:
    """A share of a mark as a decimal string: exact where it ends within ten places, else rounded to seven."""
    exact = Decimal(value.numerator) / Decimal(value.denominator)
    if Fraction(exact) == value and -exact.as_tuple().exponent <= 10:  # type: ignore[operator]
        return f"{exact.normalize():f}"
    return f"{exact.quantize(Decimal('0.0000001')).normalize():f}"


def decimal_words(value: Fraction) -> str:
    """A number as a decimal string, exact as far as a decimal can be."""
    exact = Decimal(value.numerator) / Decimal(value.denominator)
    return f"{exact:f}" if exact == exact.to_integral_value() else f"{exact.normalize():f}"


@dataclass
class Asked:
    """One interaction of an item, the others answered as `others` say."""

    item: Item
    node: Node
    others: dict[str, Any]
    base: Fraction = Fraction(0)
    """What the others earn by themselves."""

    @property
    def name(self) -> str:
        return self.node.get("responseIdentifier") or "RESPONSE"

    @property
    def response(self) -> Declaration:
        return self.item.responses.get(self.name) or Declaration(self.name)

    def given(self, value: Any) -> dict[str, Any]:
        """All responses, this one being `value`."""
        return {**self.others, self.name: value}

    def earns(self, value: Any) -> Fraction:
        """What this response adds; raises Unreadable."""
        return self.item.score(self.given(value)) - self.base

    def tell_fallback(self) -> None:
        """Doubts where the rules could not be carried out."""
        if self.item.processing.is_there and self.response.correct:
            self.item.doubt(self.node.line, OWN_RULES)
        elif not self.response.correct and not self.response.mapping:
            self.item.doubt(self.node.line, NO_KEY)


@dataclass
class Choices:
    """What was found: a body without `feedback` of the whole, the places of right options, and whether several may be chosen."""

    options: list[dict[str, Any]]
    identifiers: list[str]
    right: list[int]
    body: dict[str, Any]
    is_multiple: bool
    best: Fraction = Fraction(1)


def choices_of(asked: Asked) -> Choices:
    """Options of a choice interaction with their credit."""
    item, node = asked.item, asked.node
    nodes = list(node.nodes("simpleChoice", "inlineChoice"))
    options: list[dict[str, Any]] = [{"text": item.text(child.children)} for child in nodes]
    identifiers = [child.get("identifier") for child in nodes]
    is_multiple = asked.response.is_container and node.get("maxChoices") != "1" and node.name == "choiceInteraction"
    body: dict[str, Any] = {"options": options}
    if node.get("shuffle", "false") in ("false", "0"):
        body["shuffle"] = False
    else:
        for child, option in reversed(list(zip(nodes, options, strict=True))):
            if child.get("fixed") not in ("true", "1"):
                break
            option["last"] = True
    labels = re.search(r"\bqti-labels-(decimal|lower-alpha|upper-alpha|none)\b", node.get("class"))
    if labels:
        body["numbering"] = _NUMBERINGS[labels[1]]
    found = Choices(options, identifiers, [], body, is_multiple)
    try:
        _credit_several(asked, found) if is_multiple else _credit_one(asked, found)
    except Unreadable:
        asked.tell_fallback()
        mapping = asked.response.mapping or {}
        right = set(asked.response.correct) or {key for key, value in mapping.items() if value > 0}
        found.right = [index for index, identifier in enumerate(identifiers) if identifier in right]
        for index in found.right:
            options[index]["right"] = True
    return found


def _credit_one(asked: Asked, found: Choices) -> None:
    wrap: Callable[[str], Any] = (
        (lambda identifier: [identifier]) if asked.response.is_container else (lambda identifier: identifier)
    )
    scores = [asked.earns(wrap(identifier)) for identifier in found.identifiers]
    best = max(scores, default=Fraction(0))
    if best <= 0:
        raise Unreadable
    found.best = best
    for index, (option, score) in enumerate(zip(found.options, scores, strict=True)):
        if score == best:
            option["right"] = True
            found.right.append(index)
        elif score:
            option["fraction"] = share_words(score / best)


def _credit_several(asked: Asked, found: Choices) -> None:
    identifiers = found.identifiers
    single = [asked.earns([identifier]) for identifier in identifiers]
    mapping = asked.response.mapping or {}
    right = [index for index, identifier in enumerate(identifiers) if identifier in asked.response.correct]
    right = right or [index for index, score in enumerate(single) if score > 0 or mapping.get(identifiers[index], Fraction(0)) > 0]
    key = [identifiers[index] for index in right]
    best = asked.earns(key) if key else Fraction(0)
    if best <= 0:
        raise Unreadable
    found.right, found.best = right, best
    weights = [
        (single[index] if index in right else asked.earns([*key, identifiers[index]]) - best) / best
        for index in range(len(identifiers))
    ]
    credit, low = _policy(asked, found, weights)
    for index, (option, weight) in enumerate(zip(found.options, weights, strict=True)):
        if credit != "weights":
            if index in right:
                option["right"] = True
        elif weight:
            option["fraction"] = share_words(weight)
    if credit != "all_or_nothing":
        found.body["credit"] = credit
    if credit == "weights" and low is None and any(weight < 0 for weight in weights):
        asked.item.doubt(
            asked.node.line,
            "%(place)s: Tệp gốc cho điểm âm khi chọn sai; ở đây điểm của câu không xuống dưới 0.",
        )


def _policy(asked: Asked, found: Choices, weights: Sequence[Fraction]) -> tuple[str, Fraction | None]:
    """The way of giving credit that agrees with the rules for every set looked at, and its floor; raises Unreadable if none does."""
    count, right = len(weights), set(found.right)
    if count <= _ALL_SUBSETS_UP_TO:
        sets = [set(some) for size in range(count + 1) for some in itertools.combinations(range(count), size)]
    else:
        sets = [{index} for index in range(count)] + [set(pair) for pair in itertools.combinations(range(min(count, 12)), 2)]
        sets += [right - {index} for index in right] + [right | {index} for index in range(count)]
    scores = [asked.earns([found.identifiers[index] for index in sorted(some)] or None) / found.best for some in sets]
    if all(score == (some == right) for some, score in zip(sets, scores, strict=True)):
        return "all_or_nothing", None
    share = Fraction(1, len(right))
    for name, worth in (
        ("right_minus_wrong", [share if index in right else -share for index in range(count)]),
        ("weights", list(weights)),
    ):
        for low in (Fraction(0), None) if name == "weights" else (Fraction(0),):
            sums = [min(sum((worth[index] for index in some), Fraction(0)), Fraction(1)) for some in sets]
            floored = sums if low is None else [max(total, low) for total in sums]
            if all(abs(total - score) <= _NEAR for total, score in zip(floored, scores, strict=True)):
                return name, low
    raise Unreadable


def true_or_false(found: Choices) -> bool | None:
    """The answer where the options are just "right" and "wrong" in words; None where they are not, or the credit is another."""
    if (
        found.is_multiple
        or len(found.options) != 2
        or len(found.right) != 1
        or any("fraction" in option for option in found.options)
    ):
        return None
    words = [fold(plain(option["text"])).strip(" .") for option in found.options]
    for one, other, answer in ((_TRUE, _FALSE, found.right[0] == 0), (_FALSE, _TRUE, found.right[0] == 1)):
        if words[0] in one and words[1] in other:
            return answer
    return None


def hand_out(asked: Asked, found: Choices) -> list[Any]:
    """Puts the feedback of an item where it belongs: to an option, or to the whole as right, partial, wrong. Returns what is left over."""
    item = asked.item
    if not item.feedback:
        return []
    wrap: Callable[[list[str]], Any] = (
        (lambda some: some or None) if asked.response.is_container else (lambda some: some[0] if some else None)
    )
    everything = range(len(found.options))
    shown = [item.outcomes_of(asked.given(wrap([found.identifiers[index]]))) for index in everything]
    whole = item.outcomes_of(asked.given(wrap([found.identifiers[index] for index in found.right])))
    right, wrong = set(found.right), set(everything) - set(found.right)
    of_option: dict[int, list[Any]] = {}
    of_whole: dict[str, list[Any]] = {}
    left: list[Any] = []
    for each in item.feedback:
        places = {index for index in everything if each.is_shown(shown[index])}
        if each.owner in found.identifiers:
            of_option.setdefault(found.identifiers.index(each.owner), []).append(each.text)
        elif not found.is_multiple and right and places == right:
            of_whole.setdefault("right", []).append(each.text)
        elif wrong and places == wrong and not (found.is_multiple and each.is_shown(whole)):
            of_whole.setdefault("wrong", []).append(each.text)
        elif found.is_multiple and not places and each.is_shown(whole):
            of_whole.setdefault("right", []).append(each.text)
        elif found.is_multiple and places == right and not each.is_shown(whole):
            of_whole.setdefault("partial", []).append(each.text)
        elif places == set(everything) and (not found.is_multiple or each.is_shown(whole)):
            left.append(each.text)
        elif places:
            for index in places:
                of_option.setdefault(index, []).append(each.text)
        else:
            _by_name(each, found, of_whole, left)
    for index, texts in of_option.items():
        found.options[index]["feedback"] = joined(texts)
    if of_whole:
        found.body["feedback"] = {name: joined(of_whole[name]) for name in ("right", "partial", "wrong") if name in of_whole}
    return left


def _by_name(each: Any, found: Choices, of_whole: dict[str, list[Any]], left: list[Any]) -> None:
    """Feedback that no rule was found to show: its identifier often says when it is meant."""
    name = each.identifier.casefold()
    if "partial" in name:
        of_whole.setdefault("partial", []).append(each.text)
    elif "incorrect" in name or "wrong" in name:
        of_whole.setdefault("wrong", []).append(each.text)
    elif "correct" in name or "right" in name:
        of_whole.setdefault("right", []).append(each.text)
    else:
        left.append(each.text)
