"""One <question> of Moodle XML as a draft."""

from __future__ import annotations

import html
import re
from collections.abc import Callable
from decimal import Decimal
from typing import Any
from urllib.parse import quote

from elearn.questions.formats.moodle_xml.source import (
    CREDITS,
    NUMBERINGS,
    PENALTY,
    PICTURE,
    TOLERANCES,
    USUAL_PENALTY,
    NotReadable,
    Source,
)
from elearn.questions.formats.moodle_xml.tree import Element
from elearn.questions.rules.cloze import read_cloze
from elearn.questions.rules.exchange import Draft
from elearn.questions.rules.moodle import (
    answer,
    clean_name,
    digits,
    name_from,
    number,
    option,
    without_tags,
)
from elearn.questions.rules.texts import Rich, format_of, rich, words_of

_SLOT = re.compile(r"\[\[([0-9]{1,3})\]\]")


def read_draft(source: Source) -> Draft:
    """The draft; raises NotReadable. Doubts are left in `source.problems`."""
    element = source.element
    reader = _READERS.get(source.kind)
    if reader is None:
        message = "Chưa đọc được loại câu hỏi «%(kind)s» của Moodle; câu «%(name)s» không được lấy."
        raise NotReadable(message, kind=source.kind[:60], name=clean_name(element.value("name"))[:80])
    _old_picture(source)
    explanation = source.rich("generalfeedback")
    given = number(element.value("defaultgrade", "1"))
    if given is None or given < 0 or given > 10**6:
        source.doubt("Điểm mặc định không hợp lệ, được coi là 1.", element.line, "default_mark")
        given = Decimal(1)
    source.default_mark = given
    source.keep("")
    penalty = number(element.value("penalty", USUAL_PENALTY))
    usual = Decimal(PENALTY.get(source.kind, USUAL_PENALTY))
    if penalty is not None and abs(penalty - usual) >= Decimal("0.005" if usual != 1 else "0.0000001"):
        source.extra["penalty"] = digits(penalty)
    kind, body = reader(source)
    hints = [_hint(source, hint) for hint in element.all("hint")]
    if hints:
        source.extra["hints"] = hints
    name = clean_name(element.value("name"))
    if not name:
        name = name_from(words_of(source.text))
        source.doubt("Câu hỏi không có tên, tên được lấy từ lời dẫn.", element.line, "name", "info")
    return Draft(
        kind,
        source.text,
        body,
        name=name,
        explanation=explanation,
        default_mark=source.default_mark,
        code=element.value("idnumber"),
        tags=[tag.said() for name in ("tags", "coursetags") for tags in element.all(name) for tag in tags.all("tag") if tag.said()],
        files=source.files,
        extra=source.extra,
        line=element.line,
    )


def _hint(source: Source, hint: Element) -> dict[str, Any]:
    found: dict[str, Any] = {"text": source.rich_of(hint)}
    found |= {flag: True for flag in ("shownumcorrect", "clearwrong") if hint.first(flag) is not None}
    return found | ({"options": hint.value("options")} if hint.value("options") else {})


def _old_picture(source: Source) -> None:
    """The one picture of a question as Moodle 1 wrote it; it goes to the end of the text."""
    name, content = source.element.value("image"), source.element.first("image_base64")
    if not name or content is None or not content.words:
        return
    file = Element("file", {"name": name.replace("/", "_")}, content.line)
    file.parts = content.parts
    known = set(source.files)
    tag = f' <img src="{PICTURE}{html.escape(quote(name.replace("/", "_")))}" />'
    words = source.take(file, words_of(source.text) + tag)
    if set(source.files) != known:
        source.text = rich(words, source.form)


def _answers(source: Source) -> list[Element]:
    found = source.element.all("answer")
    if not found:
        raise NotReadable("Câu hỏi chưa có đáp án.")
    return found


def _multichoice(source: Source) -> tuple[str, dict[str, Any]]:
    is_single = source.is_true("single", "true") and source.kind == "multichoice"
    options = []
    for element in source.element.all("answer"):
        said, feedback = source.rich_of(element), element.first("feedback")
        note = source.rich_of(feedback) if feedback else ""
        share = source.share(element)
        if words_of(said):
            options.append(option(said, share, note, is_single or source.kind == "multichoiceset"))
        else:
            source.doubt("Có phương án để trống, phương án này bị bỏ.", element.line)
    if len(options) < 2:
        raise NotReadable("Câu chọn đáp án phải có ít nhất hai phương án.")
    body = _mixing(source, {"options": options})
    if source.kind == "multichoice" and not is_single:
        body["credit"] = "weights"
    if is_single and not any(found.get("right") for found in options):
        source.doubt("Chưa có phương án nào được trọn điểm.", source.element.line, "key")
    feedback_of_all = source.feedback()
    if feedback_of_all:
        body["feedback"] = feedback_of_all
    source.keep("multichoice")
    return ("single_choice" if is_single else "multiple_choice"), body


def _mixing(source: Source, body: dict[str, Any]) -> dict[str, Any]:
    numbering = source.element.value("answernumbering") or "abc"
    if numbering not in NUMBERINGS:
        source.extra["answernumbering"] = numbering
    elif numbering != "abc":
        body["numbering"] = NUMBERINGS[numbering]
    if not source.is_true("shuffleanswers", "false"):
        body["shuffle"] = False
    return body


def _true_false(source: Source) -> tuple[str, dict[str, Any]]:
    is_right: bool | None = None
    feedback: dict[str, Rich] = {}
    for place, element in enumerate(_answers(source)):
        verdict = element.value("text")
        if verdict not in ("true", "false"):
            verdict = "false" if place else "true"
            source.doubt("Đáp án không ghi true hay false; được đọc theo thứ tự đúng trước, sai sau.", element.line, "key")
        is_whole = number(element.attributes.get("fraction", "0")) == 100
        is_right = is_whole if verdict == "true" else not is_whole
        note = element.first("feedback")
        said = source.rich_of(note) if note else ""
        if said:
            feedback[verdict] = said
    return "true_false", {"answer": bool(is_right)} | ({"feedback": feedback} if feedback else {})


def _feedback_of(source: Source, element: Element) -> Rich:
    note = element.first("feedback")
    return source.rich_of(note) if note else ""


def _short(source: Source) -> tuple[str, dict[str, Any]]:
    answers = [
        answer({"text": element.value("text")}, source.share(element), _feedback_of(source, element))
        for element in _answers(source)
    ]
    answers = [found for found in answers if found["text"]]
    if not answers:
        raise NotReadable("Câu hỏi chưa có đáp án.")
    return "short_answer", {"answers": answers} | ({"case": True} if source.is_true("usecase", "0") else {})


def _numerical(source: Source) -> tuple[str, dict[str, Any]]:
    answers = []
    for element in _answers(source):
        value = element.said().replace(",", ".") or "*"
        if value != "*" and number(value) is None:
            raise NotReadable("Đáp án «%(text)s» không phải là một số.", element.line, text=value[:40])
        found: dict[str, Any] = {"value": value}
        tolerance = element.value("tolerance").replace(",", ".")
        exact = number(tolerance or "0")
        if exact is None:
            raise NotReadable("Sai số cho phép «%(text)s» không phải là một số.", element.line, text=tolerance[:40])
        if exact:
            found["tolerance"] = tolerance
        answers.append(answer(found, source.share(element), _feedback_of(source, element)))
    return "numeric", {"answers": answers} | _units(source)


def _units(source: Source) -> dict[str, Any]:
    element = source.element
    instructions = source.rich("instructions")
    if instructions:
        source.extra["instructions"] = instructions
    units = [
        {"unit": unit.value("unit_name"), "multiplier": unit.value("multiplier", "1")}
        for units in element.all("units")
        for unit in units.all("unit")
    ]
    if not units:
        return {}
    body: dict[str, Any] = {"units": units}
    way, shown = element.value("unitgradingtype", "0"), element.value("showunits", "0")
    if shown == "3":
        body["unit_policy"] = "none"
    elif way in ("1", "2"):
        body["unit_policy"] = "required"
    if way == "2":
        source.extra["unitgradingtype"] = way
    if shown not in ("0", "3"):
        source.extra["showunits"] = shown
    penalty = number(element.value("unitpenalty", "0.1"))
    if penalty is not None and penalty != Decimal("0.1"):
        body["unit_penalty"] = digits(penalty)
    if element.value("unitsleft", "0") == "1":
        body["unit_before"] = True
    return body


def _matching(source: Source) -> tuple[str, dict[str, Any]]:
    pairs: list[dict[str, Any]] = []
    extra: list[str] = []
    for element in source.element.all("subquestion"):
        left = source.rich_of(element)
        said = element.first("answer")
        right = said.said() if said else ""
        if said and source.kind == "ddmatch":
            shown = source.rich_of(said)
            if "<img" in words_of(shown).lower():
                source.doubt("Hình ở vế phải của câu ghép đôi không giữ được, chỉ giữ chữ.", said.line)
            right = html.unescape(without_tags(words_of(shown))) if format_of(shown) in ("html", "moodle") else words_of(shown)
            right = " ".join(right.split())
        if words_of(left):
            pairs.append({"left": left, "right": right})
        elif right:
            extra.append(right)
    if not pairs or len(pairs) + len(extra) < 2:
        raise NotReadable("Câu ghép đôi phải có ít nhất hai cặp.")
    _combined(source)
    body: dict[str, Any] = {"pairs": pairs} | ({"extra": extra} if extra else {})
    return "matching", body | ({} if source.is_true("shuffleanswers", "1") else {"shuffle": False})


def _combined(source: Source) -> None:
    feedback = source.feedback()
    if feedback:
        source.extra["feedback"] = feedback
    if source.kind not in ("match", "matching", "ordering", "calculated"):
        source.extra["qtype"] = source.kind


def _essay(source: Source) -> tuple[str, dict[str, Any]]:
    body: dict[str, Any] = {}
    lines, attachments, limit = (source.element.value(name) for name in ("responsefieldlines", "attachments", "maxwordlimit"))
    if lines.isdecimal() and lines not in ("0", "15") and len(lines) < 4:
        body["lines"] = int(lines)
    if limit.isdecimal() and 0 < len(limit) < 7 and int(limit):
        body["word_limit"] = int(limit)
    if attachments in ("1", "2", "3"):
        body["attachments"] = int(attachments)
    elif attachments == "-1":
        body["attachments"] = 3
        source.extra["attachments"] = attachments
    for key, name in (("guide", "graderinfo"), ("template", "responsetemplate")):
        said = source.rich(name)
        if said:
            body[key] = said
    source.keep("essay")
    return "essay", body


def _description(source: Source) -> tuple[str, dict[str, Any]]:
    source.default_mark = Decimal(0)
    return "description", {}


def _cloze(source: Source) -> tuple[str, dict[str, Any]]:
    found = read_cloze(words_of(source.text))
    if found.faults:
        raise NotReadable(found.faults[0])
    source.text = rich(found.text, format_of(source.text))
    source.default_mark = found.mark
    return "gap_fill", found.body


def _select(source: Source) -> tuple[str, dict[str, Any]]:
    """Gaps filled out of lists of words (gapselect), or by words that are dragged there (ddwtos)."""
    is_dragged = source.kind == "ddwtos"
    choices = [
        (element.value("text"), element.value("group", "1"))
        for element in source.element.all("dragbox" if is_dragged else "selectoption")
    ]
    is_mixed = source.is_true("shuffleanswers", "0")
    gaps: dict[str, Any] = {}

    def gap(slot: re.Match[str]) -> str:
        place = int(slot[1]) - 1
        if not 0 <= place < len(choices):
            raise NotReadable("Chỗ trống %(slot)s không có phương án tương ứng.", slot=slot[0])
        options = [
            option(rich(words, "html" if is_dragged else "plain"), Decimal(index == place))
            for index, (words, group) in enumerate(choices)
            if group == choices[place][1]
        ]
        gaps[str(len(gaps) + 1)] = {"kind": "choice", "display": "select", "shuffle": is_mixed, "options": options}
        return f"{{#{len(gaps)}}}"

    stem = _SLOT.sub(gap, words_of(source.text))
    if not gaps:
        raise NotReadable("Câu điền khuyết chưa có chỗ trống nào.")
    source.text = rich(stem, format_of(source.text))
    if is_dragged:
        source.doubt("Câu kéo thả chữ được chuyển thành câu điền khuyết chọn trong danh sách.", source.element.line, "type", "info")
    _combined(source)
    return "gap_fill", {"gaps": gaps}


def _ordering(source: Source) -> tuple[str, dict[str, Any]]:
    items = [said for said in (source.rich_of(element) for element in source.element.all("answer")) if said]
    if len(items) < 2:
        raise NotReadable("Câu sắp xếp phải có ít nhất hai mục.")
    body: dict[str, Any] = {"items": items}
    given = source.element.value("gradingtype", "RELATIVE")
    credit = CREDITS.get(given, "pairwise")
    if credit != "absolute":
        body["credit"] = credit
    if credit == "pairwise" and given != "RELATIVE_NEXT_EXCLUDE_LAST":
        source.extra["gradingtype"] = given
    _combined(source)
    source.keep("ordering")
    if source.extra.get("selecttype", "ALL") != "ALL":
        source.doubt("Moodle chỉ đưa ra một số mục của câu này; ở đây mọi mục được đưa ra.", source.element.line, "options", "info")
    return "ordering", body


def _calculated(source: Source) -> tuple[str, dict[str, Any]]:
    answers: list[dict[str, Any]] = []
    lengths: list[str] = []
    forms: list[str] = []
    for element in _answers(source):
        found: dict[str, Any] = {"formula": element.said() or "*"}
        tolerance = element.value("tolerance", "0").replace(",", ".")
        if number(tolerance) is None:
            raise NotReadable("Sai số cho phép «%(text)s» không phải là một số.", element.line, text=tolerance[:40])
        found |= {"tolerance": tolerance, "tolerance_kind": TOLERANCES.get(element.value("tolerancetype", "1"), "relative")}
        answers.append(answer(found, source.share(element), _feedback_of(source, element)))
        lengths.append(element.value("correctanswerlength", "2"))
        forms.append(element.value("correctanswerformat", "1"))
    variants = _variants(source)
    decimals = int(lengths[0]) if lengths[0].isdecimal() and len(lengths[0]) < 3 else 2
    if set(lengths) != {str(decimals)}:
        source.extra["lengths"] = lengths
    if set(forms) != {"1"}:
        source.extra["formats"] = forms
    _combined(source)
    source.keep("calculated")
    body: dict[str, Any] = {"answers": answers, "variants": variants}
    return "calculated", body | ({"decimals": decimals} if decimals != 2 else {}) | _units(source)


def _variants(source: Source) -> list[dict[str, str]]:
    """Values of the wildcards, one dictionary for each of Moodle's item numbers."""
    by_number: dict[int, dict[str, str]] = {}
    names = []
    kept: dict[str, dict[str, str]] = {}
    for group in source.element.all("dataset_definitions"):
        for definition in group.all("dataset_definition"):
            name = definition.value("name")
            names.append(name)
            said = {tag: definition.value(tag) for tag in ("status", "distribution", "minimum", "maximum", "decimals")}
            kept[name] = {tag: value for tag, value in said.items() if value}
            for item in (item for items in definition.all("dataset_items") for item in items.all("dataset_item")):
                place = item.value("number")
                value = item.value("value")
                if place.isdecimal() and len(place) < 6 and number(value) is not None:
                    by_number.setdefault(int(place), {})[name] = value
    variants = [by_number[place] for place in sorted(by_number) if set(by_number[place]) == set(names)]
    if not variants:
        raise NotReadable("Câu tính toán chưa có bộ số liệu nào đủ giá trị cho mọi ký hiệu.")
    if len(variants) < len(by_number):
        source.doubt("Có bộ số liệu thiếu giá trị, bộ đó bị bỏ.", source.element.line)
    if any(kept.values()):
        source.extra["datasets"] = kept
    return variants


_READERS: dict[str, Callable[[Source], tuple[str, dict[str, Any]]]] = {
    "multichoice": _multichoice,
    "multichoiceset": _multichoice,
    "truefalse": _true_false,
    "shortanswer": _short,
    "numerical": _numerical,
    "match": _matching,
    "matching": _matching,
    "ddmatch": _matching,
    "essay": _essay,
    "description": _description,
    "cloze": _cloze,
    "multianswer": _cloze,
    "gapselect": _select,
    "ddwtos": _select,
    "ordering": _ordering,
    "calculated": _calculated,
    "calculatedsimple": _calculated,
}
