"""An item taken apart: declarations, the words of its stem, its interactions and its feedback."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any

from elearn.questions.rules.qti.markup import FileSource, is_block, text_of
from elearn.questions.rules.qti.processing import Budget, Declaration, Processing, Unreadable, declared
from elearn.questions.rules.qti.xml import Node
from elearn.questions.rules.texts import Rich, format_of, rich, words_of

INLINE = frozenset(["textEntryInteraction", "inlineChoiceInteraction"])
KNOWN = INLINE | {
    "choiceInteraction",
    "matchInteraction",
    "associateInteraction",
    "orderInteraction",
    "extendedTextInteraction",
    "gapMatchInteraction",
    "uploadInteraction",
}
_FEEDBACK = ("feedbackInline", "feedbackBlock", "modalFeedback")
_NOT_SHOWN = frozenset(["stylesheet", "catalogInfo", "templateBlock", "templateInline", "companionMaterialsInfo"])
NOWHERE = "\ue000"
"""Stands where an interaction was until the text around it is known."""


@dataclass
class Feedback:
    """Shown where `outcome` holds `identifier` (or, `is_hidden`, where it does not). `owner` is the choice in which it stands, or ""."""

    identifier: str
    outcome: str
    text: Rich
    is_hidden: bool = False
    owner: str = ""

    def is_shown(self, outcomes: Mapping[str, Any]) -> bool:
        value = outcomes.get(self.outcome)
        has = self.identifier in value if isinstance(value, list) else value == self.identifier
        return has != self.is_hidden


@dataclass
class Item:
    """An assessmentItem. `doubts` are messages with values, told by who reads it."""

    node: Node
    find: FileSource
    budget: Budget
    responses: dict[str, Declaration] = field(default_factory=dict)
    outcomes: dict[str, Declaration] = field(default_factory=dict)
    interactions: list[Node] = field(default_factory=list)
    feedback: list[Feedback] = field(default_factory=list)
    notes: list[tuple[str, Rich]] = field(default_factory=list)
    """View and text of what stands in rubric blocks."""
    doubts: list[tuple[int, str, str, dict[str, Any]]] = field(default_factory=list)
    """Line, severity, message, values."""

    def __post_init__(self) -> None:
        self.budget.next_item()
        rules = None
        for child in self.node.nodes():
            if child.name == "responseDeclaration":
                self.responses[child.get("identifier")] = declared(child)
            elif child.name == "outcomeDeclaration":
                self.outcomes[child.get("identifier")] = declared(child)
            elif child.name == "responseProcessing":
                rules = child
            elif child.name == "modalFeedback":
                self._hear(child, "")
        self.processing = Processing(self.responses, self.outcomes, rules, self.budget)
        self.body = self.node.first("itemBody") or Node("itemBody")
        self._gather(self.body)

    @property
    def identifier(self) -> str:
        return self.node.get("identifier")

    def doubt(self, line: int, message: str, severity: str = "warning", **values: Any) -> None:
        """Something to tell about the item."""
        self.doubts.append((line, severity, message, values))

    def text(self, nodes: list[Node | str]) -> Rich:
        """The text of nodes without what is no text."""
        return text_of(self.shown(nodes), self.find)

    def words(self, node: Node) -> str:
        """The words of nodes on one line, pictures by their alternative text."""
        parts = [
            child if isinstance(child, str) else child.get("alt") if child.name == "img" else self.words(child)
            for child in node.children
            if isinstance(child, str) or child.name not in _FEEDBACK
        ]
        return " ".join(" ".join(parts).split())

    def shown(self, nodes: list[Node | str]) -> list[Node | str]:
        """Copies of the nodes without feedback, notes and what is for machines; interactions replaced by their marks."""
        found: list[Node | str] = []
        for node in nodes:
            if isinstance(node, str):
                found.append(node)
            elif node.name in _FEEDBACK or node.name in _NOT_SHOWN or node.name == "rubricBlock":
                continue
            elif node.name == "contentBody":
                found += self.shown(node.children)
            elif node in self.interactions:
                found += self._in_place_of(node)
            else:
                found.append(Node(node.name, node.attributes, self.shown(node.children), node.line))
        return found

    def _in_place_of(self, node: Node) -> list[Node | str]:
        mark = f"{NOWHERE}{self.interactions.index(node)}{NOWHERE}"
        if node.name in INLINE:
            return [mark]
        prompt = node.first("prompt")
        said: list[Node | str] = []
        if prompt:
            words = self.shown(prompt.children)
            said = words if is_block(words) else [Node("p", {}, words)]
        if node.name == "gapMatchInteraction":
            rest = [
                child for child in node.children if not isinstance(child, Node) or child.name not in ("prompt", "gapText", "gapImg")
            ]
            return said + self._with_gaps(rest, self.interactions.index(node))
        return [*said, mark]

    def _with_gaps(self, nodes: list[Node | str], index: int) -> list[Node | str]:
        found: list[Node | str] = []
        for node in self.shown(nodes):
            if isinstance(node, Node) and node.name == "gap":
                found.append(f"{NOWHERE}{index}:{node.get('identifier')}{NOWHERE}")
            elif isinstance(node, Node):
                found.append(Node(node.name, node.attributes, self._with_gaps(node.children, index), node.line))
            else:
                found.append(node)
        return found

    def _gather(self, node: Node) -> None:
        for child in node.nodes():
            if child.name.endswith("Interaction"):
                self.interactions.append(child)
                for below in child.nodes("simpleChoice", "inlineChoice", "simpleMatchSet", "prompt"):
                    self._gather_feedback(below, below.get("identifier"))
            elif child.name in _FEEDBACK:
                self._hear(child, "")
                self._gather(child)
            elif child.name == "rubricBlock":
                self.notes.append((child.get("view") or "candidate", self.text(child.children)))
            else:
                self._gather(child)

    def _gather_feedback(self, node: Node, owner: str) -> None:
        for child in node.nodes():
            if child.name in _FEEDBACK:
                self._hear(child, owner)
            else:
                self._gather_feedback(child, owner)

    def _hear(self, node: Node, owner: str) -> None:
        text = self.text(node.children)
        if words_of(text):
            is_hidden = node.get("showHide") == "hide"
            self.feedback.append(Feedback(node.get("identifier"), node.get("outcomeIdentifier"), text, is_hidden, owner))

    def full_mark(self) -> Fraction | None:
        """The mark that the item states for itself; None where it does not."""
        stated = [outcome for name, outcome in self.outcomes.items() if name == "MAXSCORE"] or [
            outcome for name, outcome in self.outcomes.items() if name.startswith("MAXSCORE") and "SCORE" not in self.outcomes
        ]
        full = sum((part.default[0] for part in stated if part.default and isinstance(part.default[0], Fraction)), Fraction(0))
        if full > 0:
            return full
        score = self.outcomes.get("SCORE")
        return score.maximum if score and score.maximum and score.maximum > 0 else None

    def score(self, given: Mapping[str, Any]) -> Fraction:
        """What a response earns; raises Unreadable, also where the item does not say how it is marked."""
        if not self.processing.is_there:
            raise Unreadable
        return self.processing.score(given)

    def outcomes_of(self, given: Mapping[str, Any]) -> dict[str, Any]:
        """Outcomes of a response; without readable rules only what is there before any."""
        if self.processing.is_there:
            try:
                return self.processing.run(given)
            except Unreadable:
                pass
        return {identifier: outcome.contain(outcome.default) for identifier, outcome in self.outcomes.items()}

    def general(self) -> list[Rich]:
        """Feedback that is shown whatever is answered, by its outcome's default; taken out of `feedback`."""
        empty = self.outcomes_of({})
        steady = {
            identifier
            for identifier, outcome in self.outcomes.items()
            if outcome.default and not (self.processing.rules and any(
                rule.name == "setOutcomeValue" and rule.get("identifier") == identifier for rule in self.processing.rules.walk()
            ))
        }  # fmt: skip
        found = [each for each in self.feedback if each.outcome in steady and each.is_shown(empty)]
        self.feedback = [each for each in self.feedback if each not in found]
        return [each.text for each in found]


def joined(texts: list[Rich]) -> Rich:
    """Several texts below one another."""
    texts = [text for text in texts if words_of(text)]
    if len(texts) <= 1:
        return texts[0] if texts else ""
    if all(format_of(text) == "markdown" for text in texts):
        return "\n\n".join(words_of(text) for text in texts)
    parts = [words_of(text) for text in texts]
    return rich("".join(part if part.startswith("<") else f"<p>{part}</p>" for part in parts), "html")
