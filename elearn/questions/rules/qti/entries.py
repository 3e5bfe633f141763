"""Text entry interactions as accepted answers: words with wildcards, or numbers with a tolerance."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from elearn.questions.rules.qti.choices import Asked, decimal_words, share_words
from elearn.questions.rules.qti.items import joined
from elearn.questions.rules.qti.patterns import wildcard_of
from elearn.questions.rules.qti.processing import Unreadable, number_of, tolerance_of, value_of
from elearn.questions.rules.qti.xml import Node

_STRANGE = "\ue001?"
_FAR = Fraction(987_654_321_987, 1_000)


@dataclass
class Words:
    """A possible answer in words: with `*` for anything, and a response that it stands for."""

    wildcard: str
    sample: str


def escaped(words: str) -> str:
    """Words in which an asterisk means itself."""
    return words.replace("\\", "\\\\").replace("*", "\\*") if "*" in words or "\\" in words else words


def body_of_words(asked: Asked) -> tuple[dict[str, Any], Fraction, list[Any]]:
    """Body of a short answer, what a right one earns, and feedback left over."""
    candidates = list(_candidates(asked))
    try:
        nothing = asked.earns(_STRANGE)
        scores = [asked.earns(candidate.sample) for candidate in candidates]
        best = max(scores, default=Fraction(0))
        if best <= 0:
            raise Unreadable
    except Unreadable:
        asked.tell_fallback()
        body: dict[str, Any] = {"answers": [{"text": escaped(str(value))} for value in asked.response.correct]}
        return body | {"case": True}, Fraction(1), [each.text for each in asked.item.feedback]
    shown = [asked.item.outcomes_of(asked.given(candidate.sample)) for candidate in candidates]
    other = asked.item.outcomes_of(asked.given(_STRANGE))
    answers: list[dict[str, Any]] = []
    left: list[Any] = []
    texts: dict[int, list[Any]] = {}
    for each in asked.item.feedback:
        if each.is_shown(other):
            everywhere = candidates and all(each.is_shown(outcomes) for outcomes in shown)
            (left if everywhere else texts.setdefault(-1, [])).append(each.text)
            continue
        places = [index for index, outcomes in enumerate(shown) if each.is_shown(outcomes)]
        for index in places:
            texts.setdefault(index, []).append(each.text)
        if not places:
            left.append(each.text)
    for index, (candidate, score) in enumerate(zip(candidates, scores, strict=True)):
        if score or index in texts:
            answers.append(_answer({"text": candidate.wildcard}, score / best, texts.get(index)))
    if -1 in texts or nothing:
        answers.append(_answer({"text": "*"}, nothing / best, texts.get(-1)))
    body = {"answers": answers}
    if _with_case(asked, candidates, scores):
        body["case"] = True
    return body, best, left


def _answer(start: dict[str, Any], share: Fraction, texts: list[Any] | None) -> dict[str, Any]:
    answer = dict(start)
    if share != 1:
        answer["fraction"] = share_words(share)
    if texts:
        answer["feedback"] = joined(texts)
    return answer


def _with_case(asked: Asked, candidates: list[Words], scores: list[Fraction]) -> bool:
    """Whether capitals matter; told where they matter for some answers only."""
    told = set()
    for candidate, score in zip(candidates, scores, strict=True):
        swapped = candidate.sample.swapcase()
        if swapped != candidate.sample and score:
            told.add(asked.earns(swapped) != score)
    if len(told) == 2:
        asked.item.doubt(
            asked.node.line, "%(place)s: Chỉ một số đáp án của câu phân biệt chữ hoa, chữ thường; ở đây cả câu phân biệt."
        )
    return True in told


def _candidates(asked: Asked) -> Iterator[Words]:
    """Whatever the rules, the mapping and the right response compare with, each once, in the order of the rules."""
    seen = set()
    for found in (*_in_rules(asked), *_in_declaration(asked)):
        if found.wildcard not in seen and found.sample:
            seen.add(found.wildcard)
            yield found


def _in_declaration(asked: Asked) -> Iterator[Words]:
    response = asked.response
    for value in (*(response.mapping or {}), *response.correct):
        if isinstance(value, str):
            yield Words(escaped(value), value)


def _in_rules(asked: Asked) -> Iterator[Words]:
    if not asked.item.processing.rules:
        return
    for node in asked.item.processing.rules.walk():
        if node.name not in ("match", "stringMatch", "substring", "patternMatch", "member", "contains") or not _mentions(
            node, asked.name
        ):
            continue
        if node.name == "patternMatch":
            pattern = wildcard_of(node.get("pattern"))
            if pattern:
                yield Words(pattern[0], _sample(pattern[0]))
            continue
        for value in node.walk():
            if value.name == "baseValue" and value.get("baseType") in ("string", "identifier", ""):
                words = value_of("string", value.words())
                if node.name == "substring" or node.get("substring") in ("true", "1"):
                    yield Words(f"*{escaped(words)}*", words)
                else:
                    yield Words(escaped(words), words)
            elif value.name == "correct" and value.get("identifier") == asked.name:
                yield from _in_declaration(asked)


def _mentions(node: Node, name: str) -> bool:
    return any(below.name == "variable" and below.get("identifier") == name for below in node.walk())


def _sample(wildcard: str) -> str:
    words = wildcard.replace("\\\\", "\1").replace("\\*", "\0").replace("*", " x ")
    return " ".join(words.replace("\0", "*").replace("\1", "\\").split())


@dataclass(frozen=True)
class Number:
    """A possible numeric answer; `tolerance` in the sense of `kind`."""

    value: Fraction
    tolerance: Fraction = Fraction(0)
    kind: str = "absolute"

    @property
    def edge(self) -> Fraction:
        """A response at the very end of what is accepted."""
        return self.value + (self.tolerance if self.kind == "absolute" else abs(self.value) * self.tolerance)

    def covers(self, value: Fraction) -> bool:
        return abs(value - self.value) <= abs(self.edge - self.value)


def body_of_numbers(asked: Asked) -> tuple[dict[str, Any], Fraction, list[Any]]:
    """Body of a numeric question, what a right answer earns, and feedback left over."""
    candidates = list(dict.fromkeys(_numbers(asked)))
    if not _says_exact(asked):
        # The right response as declared says nothing new where the rules give the range around it.
        ranges = [candidate for candidate in candidates if candidate.tolerance]
        candidates = [one for one in candidates if one.tolerance or not any(other.covers(one.value) for other in ranges)]
    try:
        nothing = asked.earns(_FAR)
        scores = [asked.earns(candidate.edge) for candidate in candidates]
        best = max([*scores, nothing], default=Fraction(0))
        if best <= 0:
            raise Unreadable
    except Unreadable:
        asked.tell_fallback()
        answers = [{"value": decimal_words(value)} for value in asked.response.correct if isinstance(value, Fraction)]
        return {"answers": answers}, Fraction(1), [each.text for each in asked.item.feedback]
    shown = [asked.item.outcomes_of(asked.given(candidate.edge)) for candidate in candidates]
    other = asked.item.outcomes_of(asked.given(_FAR))
    texts: dict[int, list[Any]] = {}
    left: list[Any] = []
    for each in asked.item.feedback:
        places = [index for index, outcomes in enumerate(shown) if each.is_shown(outcomes)]
        if each.is_shown(other):
            (left if len(places) == len(shown) else texts.setdefault(-1, [])).append(each.text)
        elif places:
            for index in places:
                texts.setdefault(index, []).append(each.text)
        else:
            left.append(each.text)
    found: list[dict[str, Any]] = []
    for index, (candidate, score) in enumerate(zip(candidates, scores, strict=True)):
        if score == nothing and index not in texts:
            continue
        answer = {"value": decimal_words(candidate.value)}
        if candidate.tolerance:
            answer["tolerance"] = decimal_words(candidate.tolerance)
            if candidate.kind == "relative":
                answer["tolerance_kind"] = "relative"
        found.append(_answer(answer, score / best, texts.get(index)))
    if nothing or -1 in texts:
        found.append(_answer({"value": "*"}, nothing / best, texts.get(-1)))
    return {"answers": found}, best, left


def _says_exact(asked: Asked) -> bool:
    rules = asked.item.processing.rules
    return rules is not None and any(
        node.name == "equal" and node.get("toleranceMode", "exact") == "exact" and _mentions(node, asked.name)
        for node in rules.walk()
    )


def _numbers(asked: Asked) -> Iterator[Number]:
    rules = asked.item.processing.rules
    if rules:
        for node in rules.walk():
            if node.name in ("and", "equal", "match", "equalRounded") and _mentions(node, asked.name):
                yield from _compared(asked, node)
    for value in (*(asked.response.mapping or {}), *asked.response.correct):
        if isinstance(value, Fraction):
            yield Number(value)


def _compared(asked: Asked, node: Node) -> Iterator[Number]:
    if node.name == "and":
        low, high = _bounds(asked, node)
        if low is not None and high is not None and low <= high:
            yield Number((low + high) / 2, (high - low) / 2)
        return
    values = [value for part in node.nodes() for value in _constants(asked, part)]
    if node.name != "equal":
        yield from (Number(value) for value in values)
        return
    try:
        mode, below, above = tolerance_of(node)
    except Unreadable:
        return
    for value in values:
        if mode == "relative":
            yield Number(value, max(below, above) / 100, "relative")
        elif below == above:
            yield Number(value, below)
        else:
            yield Number(value + (above - below) / 2, (above + below) / 2)


def _constants(asked: Asked, node: Node) -> list[Fraction]:
    if node.name == "correct" and node.get("identifier") == asked.name:
        return [value for value in asked.response.correct if isinstance(value, Fraction)]
    if node.name == "baseValue":
        value = number_of(node.words())
        return [] if value is None else [value]
    return []


def _bounds(asked: Asked, node: Node) -> tuple[Fraction | None, Fraction | None]:
    low = high = None
    for part in node.nodes("gte", "gt", "lte", "lt"):
        sides = part.nodes()
        if len(sides) != 2:
            continue
        is_response_first = sides[0].name == "variable" and sides[0].get("identifier") == asked.name
        values = _constants(asked, sides[1] if is_response_first else sides[0])
        if not values:
            continue
        if part.name.startswith("g") == is_response_first:
            low = values[0]
        else:
            high = values[0]
    return low, high
