"""An item as a question: which interaction makes which type, and what is said of what cannot be taken along."""

from __future__ import annotations

import itertools
import re
from collections.abc import Callable
from decimal import Decimal
from fractions import Fraction
from typing import Any

from elearn.questions.rules.exchange import Draft
from elearn.questions.rules.qti.choices import NO_KEY, OWN_RULES, Asked, choices_of, hand_out, true_or_false
from elearn.questions.rules.qti.entries import body_of_numbers, body_of_words
from elearn.questions.rules.qti.gaps import gap_fill
from elearn.questions.rules.qti.items import KNOWN, NOWHERE, Item, joined
from elearn.questions.rules.qti.markup import text_of
from elearn.questions.rules.qti.processing import Declaration, Unreadable
from elearn.questions.rules.texts import Rich, format_of, rich, words_of

_MARK = re.compile(f"{NOWHERE}([0-9]{{1,4}})(?::([^{NOWHERE}]*))?{NOWHERE}")
_EMPTY = re.compile(r"<(p|div|span)>\s*</\1>")
_UNSUPPORTED = {
    "hotspotInteraction": "chọn vùng trên hình",
    "selectPointInteraction": "chấm điểm trên hình",
    "graphicOrderInteraction": "sắp thứ tự trên hình",
    "graphicAssociateInteraction": "nối trên hình",
    "graphicGapMatchInteraction": "kéo vào hình",
    "positionObjectInteraction": "đặt vật lên hình",
    "sliderInteraction": "thanh trượt",
    "drawingInteraction": "vẽ",
    "mediaInteraction": "nghe nhìn",
    "hottextInteraction": "chọn từ trong đoạn",
    "customInteraction": "tương tác riêng của nhà cung cấp",
    "portableCustomInteraction": "tương tác riêng của nhà cung cấp",
}
_SAMPLES = 24


def read_item(item: Item) -> Draft | None:
    """The question; None where an interaction or a way of making questions is not supported, which `item.doubts` then names."""
    for node in [node for node in item.interactions if node.name == "endAttemptInteraction"]:
        item.interactions.remove(node)
        item.doubt(node.line, "%(place)s: Nút gợi ý (endAttemptInteraction) được bỏ qua.", tag=node.name)
    maker = next((node for node in item.node.nodes("templateDeclaration", "templateProcessing")), None)
    if maker:
        item.doubt(
            maker.line,
            "%(place)s: Câu sinh số liệu ngẫu nhiên (%(tag)s) chưa đọc được nên không được nhập.",
            "error",
            tag=maker.name,
        )
        return None
    unknown = [node for node in item.interactions if node.name not in KNOWN]
    for node in unknown:
        item.doubt(
            node.line,
            "%(place)s: Dạng tương tác %(tag)s (%(kind)s) chưa dùng được ở đây nên câu không được nhập.",
            "error",
            tag=node.name,
            kind=_UNSUPPORTED.get(node.name, "không rõ"),
        )
    if unknown:
        return None
    general = item.general()
    read = _reader_of(item)
    if read is None:
        kinds = ", ".join(dict.fromkeys(node.name for node in item.interactions))
        item.doubt(
            item.interactions[0].line,
            "%(place)s: Câu ghép nhiều dạng tương tác (%(tag)s) chưa dùng được nên không được nhập.",
            "error",
            tag=kinds,
        )
        return None
    draft = read(item)
    if draft is None:
        return None
    texts = [*general, draft.explanation]
    for view, note in item.notes:
        if view == "candidate":
            draft.text = joined([note, draft.text])
        elif draft.type == "essay":
            draft.body["guide"] = joined([draft.body.get("guide", ""), note])
        else:
            texts.append(note)
    draft.explanation = joined(texts)
    draft.name = item.node.get("title")
    draft.code = item.identifier
    draft.line = item.node.line
    return draft


def _reader_of(item: Item) -> Callable[[Item], Draft | None] | None:
    kinds = [node.name for node in item.interactions]
    if not kinds:
        return _description
    if len(kinds) == 1:
        return {
            "choiceInteraction": _choice,
            "textEntryInteraction": _entry,
            "matchInteraction": _match,
            "associateInteraction": _match,
            "orderInteraction": _order,
            "extendedTextInteraction": _essay,
            "uploadInteraction": _essay,
            "inlineChoiceInteraction": gap_fill,
            "gapMatchInteraction": gap_fill,
        }[kinds[0]]
    if set(kinds) <= {"extendedTextInteraction", "uploadInteraction"} and kinds.count("extendedTextInteraction") == 1:
        return _essay
    if set(kinds) <= {"choiceInteraction", "textEntryInteraction", "inlineChoiceInteraction", "gapMatchInteraction"}:
        return gap_fill
    return None


def _stem(item: Item, mark: str = "") -> Rich:
    """The words of the item; where the interaction was stands `mark`, unless it stood alone."""
    text = text_of(item.shown(item.body.children), item.find)
    written = words_of(text)
    if mark:
        written = re.sub(rf"(\A|<(?:p|div|span)>)\s*{_MARK.pattern}\s*(\Z|</(?:p|div|span)>)", r"\1\4", written)
    written = _MARK.sub(mark, written)
    while _EMPTY.search(written):
        written = _EMPTY.sub("", written)
    whole = re.fullmatch(r"<(p|div)>((?:(?!</?\1>).)*)</\1>", written, re.DOTALL)
    written = (whole[2] if whole else written).strip()
    if format_of(text) == "html" and "<" not in written and "&" not in written:
        return text_of([written], item.find)
    return rich(written, format_of(text)) if written else ""


def _mark(item: Item, best: Fraction) -> Decimal:
    value = item.full_mark() or best
    exact = Decimal(value.numerator) / Decimal(value.denominator)
    return exact.quantize(Decimal("0.0000001")).normalize() if 0 < exact <= 10_000 else Decimal(1)


def _draft(item: Item, kind: str, text: Rich, body: dict[str, Any], best: Fraction, left: list[Any]) -> Draft:
    mark = _mark(item, best)
    return Draft(
        kind,
        text,
        body,
        explanation=joined(left),
        default_mark=mark + 0 if mark != mark.to_integral_value() else Decimal(int(mark)),
    )


def _description(item: Item) -> Draft:
    return _draft(item, "description", _stem(item), {}, Fraction(1), [each.text for each in item.feedback])


def _choice(item: Item) -> Draft | None:
    asked = Asked(item, item.interactions[0], {})
    found = choices_of(asked)
    left = hand_out(asked, found)
    if not found.right and not any("fraction" in option for option in found.options) and asked.response.correct:
        item.doubt(asked.node.line, NO_KEY)
    answer = true_or_false(found)
    if answer is not None:
        feedback = found.body.get("feedback", {})
        of_answer = {answer: feedback.get("right", ""), not answer: feedback.get("wrong", "")}
        for index, option in enumerate(found.options):
            value = answer if index in found.right else not answer
            of_answer[value] = joined([option.get("feedback", ""), of_answer[value]])
        body: dict[str, Any] = {"answer": answer}
        kept = {name: of_answer[value] for name, value in (("true", True), ("false", False)) if words_of(of_answer[value])}
        if kept:
            body["feedback"] = kept
        return _draft(item, "true_false", _stem(item), body, found.best, left)
    kind = "multiple_choice" if found.is_multiple else "single_choice"
    return _draft(item, kind, _stem(item), found.body, found.best, left)


def _entry(item: Item) -> Draft | None:
    asked = Asked(item, item.interactions[0], {})
    if asked.response.base_type in ("float", "integer"):
        body, best, left = body_of_numbers(asked)
        return _draft(item, "numeric", _stem(item, "_____"), body, best, left)
    body, best, left = body_of_words(asked)
    return _draft(item, "short_answer", _stem(item, "_____"), body, best, left)


def _essay(item: Item) -> Draft | None:
    body: dict[str, Any] = {}
    guide: list[Any] = []
    for node in item.interactions:
        asked = Asked(item, node, {})
        if node.name == "uploadInteraction":
            body["attachments"] = min(3, body.get("attachments", 0) + 1)
            continue
        if node.get("expectedLines").isdecimal():
            body["lines"] = min(200, int(node.get("expectedLines")[:6]))
        if asked.response.default_words.strip():
            words = asked.response.default_words
            body["template"] = rich(words, "html" if node.get("format") == "xhtml" else "plain")
        answers = [str(value) for value in asked.response.correct if isinstance(value, str) and value]
        guide += [rich(answer, "plain") for answer in answers]
    if guide:
        body["guide"] = joined(guide) if len(guide) > 1 else guide[0]
    return _draft(item, "essay", _stem(item), body, Fraction(1), [each.text for each in item.feedback])


def _match(item: Item) -> Draft | None:
    node = item.interactions[0]
    asked = Asked(item, node, {})
    choices = {child.get("identifier"): child for child in node.walk() if child.name == "simpleAssociableChoice"}
    halves = [str(value).partition(" ") for value in _right_pairs(asked.response)]
    pairs = [(one, other) for one, _, other in halves if one in choices and other in choices]
    if not pairs:
        item.doubt(node.line, NO_KEY, "error")
        return None
    sets = node.nodes("simpleMatchSet")
    order = list(choices)
    rows = [child.get("identifier") for child in sets[0].nodes("simpleAssociableChoice")] if sets else []
    if not sets:
        pairs = [pair if order.index(pair[0]) < order.index(pair[1]) else (pair[1], pair[0]) for pair in pairs]
        rows = [one for one in order if one in {pair[0] for pair in pairs}]
        item.doubt(
            node.line, "%(place)s: Câu nối cặp trong một nhóm (associateInteraction) được đọc thành câu ghép đôi hai cột.", "info"
        )
    turned = [(right, left) for left, right in pairs]
    others = [one for one in order if one not in rows]
    if _is_whole(pairs, rows):
        pass
    elif sets and _is_whole(turned, others):
        pairs, rows, others = turned, others, rows
    else:
        item.doubt(
            node.line,
            "%(place)s: Câu ghép (%(tag)s) có mục không ghép với đúng một mục bên kia nên chưa dùng được; câu không được nhập.",
            "error",
            tag=node.name,
        )
        return None
    partner = dict(pairs)
    if any(below.name in ("img", "object", "math") for one in others for below in choices[one].walk()):
        item.doubt(
            node.line, "%(place)s: Cột bên phải của câu ghép đôi chỉ giữ chữ; hình và công thức ở đó được thay bằng chữ mô tả."
        )
    body: dict[str, Any] = {
        "pairs": [{"left": item.text(choices[one].children), "right": item.words(choices[partner[one]])} for one in rows]
    }
    rest = [item.words(choices[one]) for one in others if one not in partner.values()]
    if rest:
        body["extra"] = rest
    if node.get("shuffle", "false") in ("false", "0"):
        body["shuffle"] = False
    best = _check_pairs(asked, pairs)
    return _draft(item, "matching", _stem(item), body, best, [each.text for each in item.feedback])


def _right_pairs(response: Declaration) -> list[Any]:
    if response.correct:
        return response.correct
    return [key for key, value in (response.mapping or {}).items() if value > 0]


def _is_whole(pairs: list[tuple[str, str]], rows: list[str]) -> bool:
    """Whether each row has exactly one partner."""
    return sorted(left for left, _ in pairs) == sorted(rows)


def _check_pairs(asked: Asked, pairs: list[tuple[str, str]]) -> Fraction:
    """What all pairs earn; doubts where one pair does not earn its equal share."""
    kept = list(_right_pairs(asked.response))
    try:
        best = asked.earns(kept)
        if best <= 0:
            raise Unreadable
        single = [asked.earns([value]) for value in kept]
    except Unreadable:
        if asked.item.processing.is_there:
            asked.item.doubt(asked.node.line, OWN_RULES)
        return Fraction(1)
    if any(abs(value - best / len(pairs)) > Fraction(1, 100_000) for value in single):
        asked.item.doubt(
            asked.node.line,
            "%(place)s: Tệp gốc chấm các cặp không đều hoặc chấm cả câu một lần; ở đây mỗi cặp đúng được phần điểm như nhau.",
        )
    return best


def _order(item: Item) -> Draft | None:
    node = item.interactions[0]
    asked = Asked(item, node, {})
    choices = {child.get("identifier"): child for child in node.nodes("simpleChoice")}
    order = [str(value) for value in asked.response.correct]
    if sorted(order) != sorted(choices) or not order:
        item.doubt(
            node.line, "%(place)s: Thứ tự đúng của câu sắp xếp không nêu đủ mọi mục, mỗi mục một lần; câu không được nhập.", "error"
        )
        return None
    body: dict[str, Any] = {"items": [item.text(choices[one].children) for one in order]}
    best = Fraction(1)
    try:
        best = asked.earns(order)
        if best <= 0:
            raise Unreadable
        credit = _credit_of_order(asked, order, best)
        if credit != "absolute":
            body["credit"] = credit
    except Unreadable:
        body["credit"] = "all_or_nothing"
        asked.tell_fallback()
    return _draft(item, "ordering", _stem(item), body, best if best > 0 else Fraction(1), [each.text for each in item.feedback])


def _credit_of_order(asked: Asked, order: list[str], best: Fraction) -> str:
    """The way of giving credit that agrees for every order looked at; raises Unreadable."""
    count = len(order)
    places = [*list(itertools.islice(itertools.permutations(range(count)), _SAMPLES)), tuple(reversed(range(count)))]
    places += [(*range(1, count), 0), (1, 0, *range(2, count))] if count > 1 else []
    scores = [asked.earns([order[place] for place in some]) / best for some in places]
    right = tuple(range(count))
    if all(score == (some == right) for some, score in zip(places, scores, strict=True)):
        return "all_or_nothing"
    hits = [Fraction(sum(place == index for index, place in enumerate(some)), count) for some in places]
    if all(abs(hit - score) <= Fraction(1, 100_000) for hit, score in zip(hits, scores, strict=True)):
        return "absolute"
    raise Unreadable
