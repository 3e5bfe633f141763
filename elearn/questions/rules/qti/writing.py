"""A question as an item: what version 2.2 and 3.0 can say of it.

What neither says, and other programs do not see though a package keeps it for our own reading (see `packages`): texts as Markdown (they come as
HTML), topic, level, source, document and clause; credit by pairs in order (all or nothing instead); units of numbers and words typed without
accents (compared as they stand); several choices within a text (one instead, with the shares of each); criteria, examiners and a limit of words
of an essay (criteria come as a table for the scorer); feedback on choices within a text. Not written: calculated questions.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from fractions import Fraction
from typing import Any

from elearn.questions.rules.choices import answer_share, exact, share
from elearn.questions.rules.exchange import Draft
from elearn.questions.rules.qti.choices import decimal_words, share_words
from elearn.questions.rules.qti.markup import FileSource, is_block, nodes_of
from elearn.questions.rules.qti.patterns import literal_of, pattern_of
from elearn.questions.rules.qti.processing import number_of
from elearn.questions.rules.qti.xml import Node
from elearn.questions.rules.texts import Rich, words_of

NAMESPACES = {False: "http://www.imsglobal.org/xsd/imsqti_v2p2", True: "http://www.imsglobal.org/xsd/imsqtiasi_v3p0"}
_TEMPLATES = {
    False: "http://www.imsglobal.org/question/qti_v2p2/rptemplates/",
    True: "https://purl.imsglobal.org/spec/qti/v3p0/rptemplates/",
}
WRITES = frozenset(
    [
        "single_choice",
        "multiple_choice",
        "true_false",
        "short_answer",
        "numeric",
        "matching",
        "ordering",
        "gap_fill",
        "essay",
        "description",
    ]
)
_LABELS = {"123": "qti-labels-decimal", "abc": "qti-labels-lower-alpha", "ABC": "qti-labels-upper-alpha", "none": "qti-labels-none"}
_GAP = re.compile(r"\{#([0-9]+)\}")
_TRUE_FALSE = (("A", True, "Đúng"), ("B", False, "Sai"))


def node(name: str, attributes: Mapping[str, str] | None = None, *children: Node | str) -> Node:
    """A new element."""
    return Node(name, dict(attributes or {}), list(children))


def _base(kind: str, value: str) -> Node:
    return node("baseValue", {"baseType": kind}, value)


def _variable(name: str) -> Node:
    return node("variable", {"identifier": name})


def _set(name: str, value: Node) -> Node:
    return node("setOutcomeValue", {"identifier": name}, value)


def _if(condition: Node, *then: Node) -> Node:
    return node("responseCondition", {}, node("responseIf", {}, condition, *then))


def letter(index: int) -> str:
    """Identifier of a choice: A … Z, then C27 …"""
    return chr(65 + index) if index < 26 else f"C{index + 1}"


class Writer:
    """Builds one item."""

    def __init__(self, draft: Draft, identifier: str, is_new: bool, referred: FileSource) -> None:
        self._draft = draft
        self._is_new = is_new
        self._referred = referred
        self._declared: list[Node] = []
        self._outcomes: list[Node] = []
        self._rules: list[Node] = []
        self._modal: list[Node] = []
        self._template = ""
        self._identifier = identifier

    def item(self) -> Node:
        """The whole assessmentItem."""
        draft = self._draft
        mark = f"{draft.default_mark:f}" if draft.default_mark > 0 else "1"
        body = self._body()
        if words_of(draft.explanation):
            self._outcome("SOLUTION", "identifier", "explanation")
            self._say("SOLUTION", "explanation", draft.explanation)
        outcomes = []
        if draft.type != "description":
            outcomes = [
                node("outcomeDeclaration", {"identifier": "SCORE", "cardinality": "single", "baseType": "float", "normalMaximum": mark},
                     node("defaultValue", {}, node("value", {}, "0"))),
                node("outcomeDeclaration", {"identifier": "MAXSCORE", "cardinality": "single", "baseType": "float"},
                     node("defaultValue", {}, node("value", {}, mark))),
            ]  # fmt: skip
        processing: list[Node | str] = []
        if self._template and not self._rules and draft.default_mark == 1:
            ending = ".xml" if self._is_new else ""
            processing = [node("responseProcessing", {"template": f"{_TEMPLATES[self._is_new]}{self._template}{ending}"})]
        elif self._template or self._rules:
            processing = [node("responseProcessing", {}, *self._from_template(), *self._rules)]
        attributes = {
            "identifier": self._identifier,
            "title": draft.name,
            "adaptive": "false",
            "timeDependent": "false",
            "xml:lang": "vi",
            "toolName": "elearn",
        }
        return Node("assessmentItem", attributes, [*self._declared, *outcomes, *self._outcomes, body, *processing, *self._modal])

    def _from_template(self) -> list[Node]:
        response = {"identifier": "RESPONSE"}
        if self._template == "match_correct":
            return [_if(node("match", {}, _variable("RESPONSE"), node("correct", response)), _set("SCORE", _variable("MAXSCORE")))]
        if self._template == "map_response":
            return [_set("SCORE", node("product", {}, node("mapResponse", response), _variable("MAXSCORE")))]
        return []

    def _outcome(self, name: str, base: str, default: str = "", cardinality: str = "single") -> None:
        start = [node("defaultValue", {}, node("value", {}, default))] if default else []
        self._outcomes.append(
            node("outcomeDeclaration", {"identifier": name, "cardinality": cardinality, "baseType": base}, *start)
        )

    def _respond(
        self,
        base: str,
        correct: Sequence[str],
        mapping: Sequence[tuple[str, str]] = (),
        *,
        name: str = "RESPONSE",
        cardinality: str = "single",
        bounds: Mapping[str, str] | None = None,
        without_case: bool = False,
    ) -> None:
        parts = [node("correctResponse", {}, *(node("value", {}, value) for value in correct))] if correct else []
        if mapping:
            case = {"caseSensitive": "false"} if without_case else {}
            entries = [node("mapEntry", {"mapKey": key, "mappedValue": value, **case}) for key, value in mapping]
            parts.append(node("mapping", {**(bounds or {}), "defaultValue": "0"}, *entries))
        self._declared.append(
            node("responseDeclaration", {"identifier": name, "cardinality": cardinality, "baseType": base}, *parts)
        )

    def _content(self, text: Rich) -> list[Node | str]:
        return nodes_of(text, self._referred)

    def _blocks(self, text: Rich) -> list[Node | str]:
        """Content that may stand directly in the body."""
        nodes = self._content(text)
        if not nodes:
            return []
        return [node("div", {}, *nodes)] if is_block(nodes) else [node("p", {}, *nodes)]

    def _say(self, outcome: str, identifier: str, text: Rich) -> None:
        content = self._content(text)
        if self._is_new:
            content = [node("contentBody", {}, *content)]
        attributes = {"outcomeIdentifier": outcome, "identifier": identifier, "showHide": "show"}
        self._modal.append(node("modalFeedback", attributes, *content))

    def _body(self) -> Node:
        write: Callable[[], list[Node | str]] = {
            "single_choice": self._choice,
            "multiple_choice": self._choice,
            "true_false": self._true_false,
            "short_answer": self._short_answer,
            "numeric": self._numeric,
            "matching": self._matching,
            "ordering": self._ordering,
            "gap_fill": self._gap_fill,
            "essay": self._essay,
            "description": list,
        }[self._draft.type]
        parts = write()
        stem = [] if self._draft.type == "gap_fill" else self._blocks(self._draft.text)
        return node("itemBody", {}, *stem, *parts)

    # Choices -------------------------------------------------------------------------------------------------------------------------

    def _choice(self) -> list[Node | str]:
        body = self._draft.body
        options = body.get("options", [])
        if self._draft.type == "single_choice":
            self._credit_one(options)
        else:
            self._credit_several(options, body.get("credit", "all_or_nothing"))
        choices = [(letter(index), option.get("text", ""), option) for index, option in enumerate(options)]
        is_several = self._draft.type == "multiple_choice"
        if any(words_of(option.get("feedback")) for option in options):
            self._outcome("FEEDBACK", "identifier", cardinality="multiple" if is_several else "single")
            self._rules.append(_set("FEEDBACK", _variable("RESPONSE")))
        self._say_result(body.get("feedback") or {})
        attributes = {"shuffle": "false" if body.get("shuffle") is False else "true", "maxChoices": "0" if is_several else "1"}
        if body.get("numbering") in _LABELS:
            attributes["class"] = _LABELS[body["numbering"]]
        return [self._interaction("choiceInteraction", "simpleChoice", attributes, choices)]

    def _interaction(
        self,
        name: str,
        choice: str,
        attributes: Mapping[str, str],
        choices: Sequence[tuple[str, Rich, Mapping[str, Any]]],
        response: str = "RESPONSE",
    ) -> Node:
        found = node(name, {"responseIdentifier": response, **attributes})
        for identifier, text, option in choices:
            fixed = {"fixed": "true"} if option.get("last") else {}
            made = node(choice, {"identifier": identifier, **fixed}, *self._content(text))
            if words_of(option.get("feedback")) and choice == "simpleChoice":
                made.children.append(self._beside(identifier, option["feedback"]))
            found.children.append(made)
        return found

    def _beside(self, identifier: str, text: Rich) -> Node:
        """Feedback that stands with its choice."""
        content = self._content(text)
        attributes = {"outcomeIdentifier": "FEEDBACK", "identifier": identifier, "showHide": "show"}
        if not is_block(content):
            return node("feedbackInline", attributes, *content)
        return node("feedbackBlock", attributes, *([node("contentBody", {}, *content)] if self._is_new else content))

    def _credit_one(self, options: Sequence[Mapping[str, Any]]) -> None:
        shares = [share(option) for option in options]
        best = [letter(index) for index, worth in enumerate(shares) if worth == max(shares) and worth > 0][:1]
        mapping = [(letter(index), share_words(worth)) for index, worth in enumerate(shares) if worth]
        if len(mapping) == 1 and max(shares) == 1:
            self._respond("identifier", best)
            self._template = "match_correct"
        else:
            self._respond("identifier", best, mapping)
            self._template = "map_response"

    def _credit_several(self, options: Sequence[Mapping[str, Any]], credit: str) -> None:
        shares = [share(option) for option in options]
        right = [letter(index) for index, worth in enumerate(shares) if worth > 0]
        if credit == "all_or_nothing":
            self._respond("identifier", right, cardinality="multiple")
            self._template = "match_correct"
        elif credit == "right_minus_wrong":
            mapping = [(letter(index), "1" if worth > 0 else "-1") for index, worth in enumerate(shares)]
            bounds = {"lowerBound": "0", "upperBound": str(max(1, len(right)))}
            self._respond("identifier", right, mapping, cardinality="multiple", bounds=bounds)
            self._rules.insert(0, self._shared(max(1, len(right))))
        else:
            mapping = [(letter(index), share_words(worth)) for index, worth in enumerate(shares) if worth]
            self._respond("identifier", right, mapping, cardinality="multiple", bounds={"lowerBound": "0", "upperBound": "1"})
            self._template = "map_response"

    def _shared(self, count: int) -> Node:
        """SCORE as that part of the full mark which the mapping gives, one for each of `count` things."""
        mapped = node("divide", {}, node("mapResponse", {"identifier": "RESPONSE"}), _base("float", str(count)))
        return _set("SCORE", node("product", {}, mapped, _variable("MAXSCORE")))

    def _say_result(self, feedback: Mapping[str, Any]) -> None:
        said = {name: feedback[name] for name in ("right", "partial", "wrong") if words_of(feedback.get(name))}
        if not said:
            return
        self._outcome("RESULT", "identifier")
        tests = (("responseIf", "right", node("gte", {}, _variable("SCORE"), _variable("MAXSCORE"))),
                 ("responseElseIf", "partial", node("gt", {}, _variable("SCORE"), _base("float", "0"))))  # fmt: skip
        branches = [node(name, {}, test, _set("RESULT", _base("identifier", result))) for name, result, test in tests]
        branches.append(node("responseElse", {}, _set("RESULT", _base("identifier", "wrong"))))
        self._rules.append(node("responseCondition", {}, *branches))
        for name, text in said.items():
            self._say("RESULT", name, text)

    def _true_false(self) -> list[Node | str]:
        body = self._draft.body
        feedback = body.get("feedback") or {}
        self._respond("identifier", ["A" if body.get("answer") else "B"])
        self._template = "match_correct"
        choices = [
            (identifier, word, {"feedback": feedback.get("true" if value else "false", "")})
            for identifier, value, word in _TRUE_FALSE
        ]
        if any(words_of(choice[2]["feedback"]) for choice in choices):
            self._outcome("FEEDBACK", "identifier")
            self._rules.append(_set("FEEDBACK", _variable("RESPONSE")))
        return [self._interaction("choiceInteraction", "simpleChoice", {"shuffle": "false", "maxChoices": "1"}, choices)]

    # Words and numbers ---------------------------------------------------------------------------------------------------------------

    def _short_answer(self) -> list[Node | str]:
        rules = self._words("RESPONSE", self._draft.body, "SCORE", _variable("MAXSCORE"))
        self._rules += rules
        if not rules:
            self._template = "map_response"
        return [node("p", {}, node("textEntryInteraction", {"responseIdentifier": "RESPONSE", "expectedLength": "30"}))]

    def _numeric(self) -> list[Node | str]:
        self._rules += self._numbers("RESPONSE", self._draft.body, "SCORE", _variable("MAXSCORE"))
        return [node("p", {}, node("textEntryInteraction", {"responseIdentifier": "RESPONSE", "expectedLength": "15"}))]

    def _words(self, name: str, body: Mapping[str, Any], outcome: str, full: Node | None) -> list[Node]:
        """Declares a response in words. Returns the rules that mark it; none where its mapping says all."""
        answers = body.get("answers", [])
        with_case = bool(body.get("case"))
        shares = [answer_share(answer) for answer in answers]
        plain = [literal_of(str(answer.get("text", ""))) for answer in answers]
        right = next((words for words, worth in zip(plain, shares, strict=True) if worth == 1 and words is not None), None)
        is_simple = all(words is not None for words in plain) and not any(words_of(answer.get("feedback")) for answer in answers)
        if is_simple:
            mapping = [(words or "", share_words(worth)) for words, worth in zip(plain, shares, strict=True)]
            self._respond("string", [right] if right else [], mapping, name=name, without_case=not with_case)
            return []
        self._respond("string", [right] if right else [], name=name)
        tests = []
        for answer, words in zip(answers, plain, strict=True):
            if words is None:
                pattern = pattern_of(str(answer.get("text", "")), with_case)
                tests.append(node("patternMatch", {"pattern": pattern}, _variable(name)))
            else:
                case = {"caseSensitive": "true" if with_case else "false"}
                tests.append(node("stringMatch", case, _variable(name), _base("string", words)))
        return self._chain(name, answers, tests, outcome, full)

    def _numbers(self, name: str, body: Mapping[str, Any], outcome: str, full: Node | None) -> list[Node]:
        answers = body.get("answers", [])
        tests = [_number_test(name, answer) for answer in answers]
        right = [
            str(answer.get("value"))
            for answer in answers
            if answer_share(answer) == 1 and number_of(str(answer.get("value"))) is not None
        ][:1]
        self._respond("float", right, name=name)
        return self._chain(name, answers, tests, outcome, full)

    def _chain(
        self, name: str, answers: Sequence[Mapping[str, Any]], tests: Sequence[Node], outcome: str, full: Node | None
    ) -> list[Node]:
        """First answer that fits counts; `full` is what all is worth, None for 1."""
        if not answers:
            return []
        own = "FEEDBACK" if name == "RESPONSE" else f"FEEDBACK_{name.rpartition('_')[2]}"
        said = [index for index, answer in enumerate(answers) if words_of(answer.get("feedback"))]
        branches = []
        for index, (answer, test) in enumerate(zip(answers, tests, strict=True)):
            worth = _base("float", share_words(answer_share(answer)))
            value = node("product", {}, worth, full) if full else worth
            then = [_set(outcome, value)]
            if index in said:
                then.append(_set(own, _base("identifier", f"ANSWER_{index + 1}")))
            branches.append(node("responseElseIf" if index else "responseIf", {}, test, *then))
        if said:
            self._outcome(own, "identifier")
            for index in said:
                self._say(own, f"ANSWER_{index + 1}", answers[index]["feedback"])
        return [node("responseCondition", {}, *branches)]

    # Gaps ----------------------------------------------------------------------------------------------------------------------------

    def _gap_fill(self) -> list[Node | str]:
        gaps: Mapping[str, Any] = self._draft.body.get("gaps", {})
        made = {number: self._gap(number, gap) for number, gap in gaps.items()}
        total = Fraction(0)
        parts: list[Node] = []
        for number, gap in gaps.items():
            weight = exact(gap.get("weight", "1")) or Fraction(0)
            total += weight
            parts.append(node("product", {}, _base("float", share_words(weight)), _variable(f"SCORE_{number}")))
        if parts:
            summed = parts[0] if len(parts) == 1 else node("sum", {}, *parts)
            self._rules.append(
                _set(
                    "SCORE",
                    node(
                        "product",
                        {},
                        node("divide", {}, summed, _base("float", share_words(total or Fraction(1)))),
                        _variable("MAXSCORE"),
                    ),
                )
            )
        used: set[str] = set()
        content = self._with_gaps(self._content(self._draft.text), made, used)
        rest = [part for number, part in made.items() if number not in used]
        blocks: list[Node | str] = [node("div" if is_block(content) else "p", {}, *content)] if content else []
        return [*blocks, *([node("p", {}, *rest)] if rest else [])]

    def _with_gaps(self, nodes: Sequence[Node | str], made: Mapping[str, Node], used: set[str]) -> list[Node | str]:
        found: list[Node | str] = []
        for each in nodes:
            if isinstance(each, Node):
                found.append(Node(each.name, each.attributes, self._with_gaps(each.children, made, used), each.line))
                continue
            at = 0
            for mark in _GAP.finditer(each):
                if mark[1] in made and mark[1] not in used:
                    used.add(mark[1])
                    found += [each[at : mark.start()], made[mark[1]]]
                    at = mark.end()
            found.append(each[at:])
        return [each for each in found if each != ""]

    def _gap(self, number: str, gap: Mapping[str, Any]) -> Node:
        name, outcome = f"RESPONSE_{number}", f"SCORE_{number}"
        self._outcome(outcome, "float", "0")
        if gap.get("kind") == "choice":
            options = gap.get("options", [])
            shares = [share(option) for option in options]
            best = [letter(index) for index, worth in enumerate(shares) if worth == max(shares) and worth > 0][:1]
            mapping = [(letter(index), share_words(worth)) for index, worth in enumerate(shares) if worth]
            self._respond("identifier", best, mapping, name=name)
            self._rules.append(_set(outcome, node("mapResponse", {"identifier": name})))
            choices = [(letter(index), option.get("text", ""), option) for index, option in enumerate(options)]
            attributes = {"shuffle": "false" if gap.get("shuffle") is False else "true"}
            return self._interaction("inlineChoiceInteraction", "inlineChoice", attributes, choices, name)
        if gap.get("kind") == "number":
            self._rules += self._numbers(name, gap, outcome, None)
        else:
            rules = self._words(name, gap, outcome, None)
            self._rules += rules or [_set(outcome, node("mapResponse", {"identifier": name}))]
        return node("textEntryInteraction", {"responseIdentifier": name, "expectedLength": "15"})

    # Rows and texts ------------------------------------------------------------------------------------------------------------------

    def _matching(self) -> list[Node | str]:
        body = self._draft.body
        pairs = body.get("pairs", [])
        rights = list(dict.fromkeys([*(str(pair.get("right", "")) for pair in pairs), *map(str, body.get("extra", []))]))
        lefts = [
            node("simpleAssociableChoice", {"identifier": f"L{index + 1}", "matchMax": "1"}, *self._content(pair.get("left", "")))
            for index, pair in enumerate(pairs)
        ]
        # By their words, so that the right column does not stand in the order of the left one.
        shown = [
            node(
                "simpleAssociableChoice", {"identifier": f"R{rights.index(right) + 1}", "matchMax": str(max(1, len(pairs)))}, right
            )
            for right in sorted(rights)
        ]
        key = [f"L{index + 1} R{rights.index(str(pair.get('right', ''))) + 1}" for index, pair in enumerate(pairs)]
        self._respond("directedPair", key, [(pair, "1") for pair in key], cardinality="multiple")
        if key:
            self._rules.append(self._shared(len(key)))
        attributes = {
            "responseIdentifier": "RESPONSE",
            "shuffle": "false" if body.get("shuffle") is False else "true",
            "maxAssociations": str(len(pairs)),
        }
        return [node("matchInteraction", attributes, node("simpleMatchSet", {}, *lefts), node("simpleMatchSet", {}, *shown))]

    def _ordering(self) -> list[Node | str]:
        items = self._draft.body.get("items", [])
        order = sorted(range(len(items)), key=lambda index: (words_of(items[index]), index))
        # Identifiers follow the order of the alphabet, not the right order, or they would give it away.
        names = {index: letter(place) for place, index in enumerate(order)}
        key = [names[index] for index in range(len(items))]
        self._respond("identifier", key, cardinality="ordered")
        if self._draft.body.get("credit", "absolute") == "absolute" and items:
            for place, identifier in enumerate(key, start=1):
                test = node("match", {}, node("index", {"n": str(place)}, _variable("RESPONSE")), _base("identifier", identifier))
                worth = node("divide", {}, _variable("MAXSCORE"), _base("float", str(len(items))))
                self._rules.append(_if(test, _set("SCORE", node("sum", {}, _variable("SCORE"), worth))))
        else:
            self._template = "match_correct"
        choices: list[tuple[str, Rich, Mapping[str, Any]]] = [(names[index], items[index], {}) for index in order]
        return [self._interaction("orderInteraction", "simpleChoice", {"shuffle": "true"}, choices)]

    def _essay(self) -> list[Node | str]:
        body = self._draft.body
        self._respond("string", [])
        if words_of(body.get("template")):
            self._declared[-1].children.insert(0, node("defaultValue", {}, node("value", {}, words_of(body["template"]))))
        attributes = {"responseIdentifier": "RESPONSE"}
        if body.get("lines"):
            attributes["expectedLines"] = str(body["lines"])
        if body.get("word_limit"):
            attributes["expectedLength"] = str(int(body["word_limit"]) * 6)
        parts: list[Node | str] = [node("extendedTextInteraction", attributes)]
        for index in range(int(body.get("attachments") or 0)):
            name = f"FILE_{index + 1}"
            self._respond("file", [], name=name)
            parts.append(node("uploadInteraction", {"responseIdentifier": name}))
        guide = self._guide(body)
        if guide:
            parts.append(Node("rubricBlock", {"view": "scorer"}, [node("contentBody", {}, *guide)] if self._is_new else guide))
        return parts

    def _guide(self, body: Mapping[str, Any]) -> list[Node | str]:
        blocks = self._blocks(body["guide"]) if words_of(body.get("guide")) else []
        rows = []
        for row in body.get("rubric") or []:
            cells: list[list[Node | str]] = [
                [str(row.get("name", ""))],
                [str(row.get("points", ""))],
                self._content(row.get("guide", "")),
            ]
            rows.append(node("tr", {}, *(node("td", {}, *cell) for cell in cells)))
        return [*blocks, *([node("table", {}, node("tbody", {}, *rows))] if rows else [])]


def _number_test(name: str, answer: Mapping[str, Any]) -> Node:
    value = str(answer.get("value", "*"))
    if value == "*":
        return node("not", {}, node("isNull", {}, _variable(name)))
    middle, tolerance = exact(value), exact(answer.get("tolerance", "0"))
    sides = (_variable(name), _base("float", value))
    if not tolerance or middle is None:
        return node("equal", {"toleranceMode": "exact"}, *sides)
    kind = answer.get("tolerance_kind", "absolute")
    below = above = abs(tolerance)
    if kind == "relative":
        below = above = below * 100
    elif kind == "geometric":
        # From a / (1 + t) to a · (1 + t).
        below, above = abs(middle) * below / (1 + below), abs(middle) * above
        below, above = (above, below) if middle < 0 else (below, above)
    mode = "relative" if kind == "relative" else "absolute"
    return node("equal", {"toleranceMode": mode, "tolerance": f"{decimal_words(below)} {decimal_words(above)}"}, *sides)
