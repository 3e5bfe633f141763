"""Several interactions in running text as one question with gaps."""

from __future__ import annotations

import re
from decimal import Decimal
from fractions import Fraction
from typing import Any

from elearn.questions.rules.exchange import Draft
from elearn.questions.rules.qti.choices import OWN_RULES, Asked, choices_of, decimal_words, share_words
from elearn.questions.rules.qti.entries import body_of_numbers, body_of_words
from elearn.questions.rules.qti.items import NOWHERE, Feedback, Item, joined
from elearn.questions.rules.qti.markup import text_of
from elearn.questions.rules.qti.processing import Unreadable
from elearn.questions.rules.qti.xml import Node
from elearn.questions.rules.texts import format_of, rich, words_of

_MARK = re.compile(f"{NOWHERE}([0-9]{{1,4}})(?::([^{NOWHERE}]*))?{NOWHERE}")


def gap_fill(item: Item) -> Draft | None:
    """The question; None where one of its parts cannot be taken, which `item.doubts` then names."""
    whole = {node.get("responseIdentifier"): _right(item, node) for node in item.interactions}
    others, base, is_additive = _others(item, whole)
    if not is_additive:
        item.doubt(item.interactions[0].line, OWN_RULES)
    gaps: dict[str, dict[str, Any]] = {}
    worth: dict[str, Fraction] = {}
    numbers: dict[tuple[int, str], str] = {}
    feedback = item.feedback
    for index, node in enumerate(item.interactions):
        name = node.get("responseIdentifier")
        asked = Asked(item, node, {key: value for key, value in others.items() if key != name}, base)
        item.feedback = _own_feedback(item, feedback, node) if is_additive else []
        parts = _gap_match(asked) if node.name == "gapMatchInteraction" else {"": _single(asked, is_additive)}
        for part, (body, best) in parts.items():
            number = str(len(gaps) + 1)
            numbers[index, part] = number
            gaps[number], worth[number] = body, best
        for each in item.feedback:
            feedback = [other for other in feedback if other is not each]
    text = _stem(item, numbers)
    if len(set(worth.values())) > 1:
        least = min(worth.values())
        for number, body in gaps.items():
            body["weight"] = share_words(worth[number] / least)
    best = sum(worth.values(), Fraction(0)) if is_additive else Fraction(1)
    mark = item.full_mark() or best
    exact = (Decimal(mark.numerator) / Decimal(mark.denominator)).quantize(Decimal("0.0000001"))
    if not 0 < exact <= 10_000:
        exact = Decimal(1)
    exact = Decimal(int(exact)) if exact == exact.to_integral_value() else exact.normalize()
    return Draft("gap_fill", text, {"gaps": gaps}, explanation=joined([each.text for each in feedback]), default_mark=exact)


def _right(item: Item, node: Node) -> Any:
    response = Asked(item, node, {}).response
    if response.correct:
        return response.contain(response.correct)
    best = max((response.mapping or {}).items(), key=lambda entry: entry[1], default=(None, Fraction(0)))
    return response.contain([best[0]]) if best[1] > 0 else None


def _others(item: Item, whole: dict[str, Any]) -> tuple[dict[str, Any], Fraction, bool]:
    """What to answer in the other gaps so that one gap's worth shows itself, what that earns, and whether the gaps are marked one by one."""
    try:
        full, nothing = item.score(whole), item.score({})
        alone = [item.score({name: value}) - nothing for name, value in whole.items()]
    except Unreadable:
        return {}, Fraction(0), False
    if full > 0 and len(whole) and abs(sum(alone) - (full - nothing)) <= Fraction(1, 100_000):
        return {}, nothing, True
    return {}, Fraction(0), False


def _own_feedback(item: Item, feedback: list[Feedback], node: Node) -> list[Feedback]:
    """Feedback that this gap's response alone decides: shown for some of what may be answered there and not for the rest."""
    name = node.get("responseIdentifier")
    owners = {child.get("identifier") for child in node.nodes("inlineChoice", "simpleChoice")}
    response = Asked(item, node, {}).response
    tried = [*response.correct, *(response.mapping or {}), *owners]
    empty = item.outcomes_of({})
    results = [item.outcomes_of({name: response.contain([value])}) for value in tried]
    return [
        each
        for each in feedback
        if each.owner in owners
        or (not each.owner and not each.is_shown(empty) and any(each.is_shown(result) for result in results))
    ]


def _single(asked: Asked, is_additive: bool) -> tuple[dict[str, Any], Fraction]:
    node = asked.node
    if node.name == "textEntryInteraction":
        is_number = asked.response.base_type in ("float", "integer")
        if not is_additive:
            values = asked.response.correct or [key for key, value in (asked.response.mapping or {}).items() if value > 0]
            if is_number:
                numbers = [{"value": decimal_words(value)} for value in values if isinstance(value, Fraction)]
                return {"kind": "number", "answers": numbers}, Fraction(1)
            return {"kind": "text", "answers": [{"text": str(value)} for value in values], "case": True}, Fraction(1)
        body, best, _ = body_of_numbers(asked) if is_number else body_of_words(asked)
        return {"kind": "number" if is_number else "text", **body}, best
    if not is_additive:
        options = [
            {"text": asked.item.text(child.children)}
            | ({"right": True} if child.get("identifier") in asked.response.correct else {})
            for child in node.nodes("inlineChoice", "simpleChoice")
        ]
        body = {"kind": "choice", "options": options}
        display = "check" if asked.response.is_container and node.get("maxChoices") != "1" else "radio"
        return body | ({"display": display} if node.name == "choiceInteraction" else {}), Fraction(1)
    found = choices_of(asked)
    for each in asked.item.feedback:
        for index, identifier in enumerate(found.identifiers):
            if each.owner == identifier or (
                not each.owner and each.is_shown(asked.item.outcomes_of(asked.given(asked.response.contain([identifier]))))
            ):
                found.options[index]["feedback"] = joined([found.options[index].get("feedback", ""), each.text])
    body = {"kind": "choice", **found.body}
    if node.name == "choiceInteraction":
        body["display"] = "check" if found.is_multiple else "radio"
    return body, found.best


def _gap_match(asked: Asked) -> dict[str, tuple[dict[str, Any], Fraction]]:
    """Each place of a gap match as a gap to choose for."""
    item, node = asked.item, asked.node
    texts = {child.get("identifier"): item.words(child) for child in node.nodes("gapText", "gapImg")}
    places = [below.get("identifier") for below in node.walk() if below.name == "gap"]
    pairs = [str(value).split(" ") for value in asked.response.correct]
    partner = {pair[1]: pair[0] for pair in pairs if len(pair) == 2}
    if any(child.name == "gapImg" for child in node.nodes()):
        item.doubt(node.line, "%(place)s: Hình để kéo vào chỗ trống được thay bằng chữ mô tả.")
    found = {}
    for place in places:
        options = [{"text": text} | ({"right": True} if partner.get(place) == one else {}) for one, text in texts.items()]
        worth = Fraction(1)
        if place in partner:
            try:
                worth = asked.earns([f"{partner[place]} {place}"])
            except Unreadable:
                worth = Fraction(1)
        found[place] = ({"kind": "choice", "options": options}, worth if worth > 0 else Fraction(1))
    return found


def _stem(item: Item, numbers: dict[tuple[int, str], str]) -> Any:
    text = text_of(item.shown(item.body.children), item.find)

    def put(mark: re.Match[str]) -> str:
        number = numbers.get((int(mark[1]), mark[2] or ""))
        return f"{{#{number}}}" if number else ""

    written = _MARK.sub(put, words_of(text))
    return rich(written, format_of(text)) if written else ""
