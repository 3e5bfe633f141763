"""Questions that stand in no bank yet as they will look: stem, answers with the key marked, explanation; also where a question is not sound."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from markupsafe import Markup

from elearn.core.markdown import render_rich
from elearn.questions.models import Question, QuestionVersion
from elearn.questions.queries.banks import current_versions
from elearn.questions.queries.rendering import TYPES
from elearn.questions.rules.choices import InOrder, exact, labels
from elearn.questions.rules.exchange import Draft

KINDS = {"relative": "tương đối", "geometric": "theo tỉ số"}
_GAP = re.compile(r"\{#([0-9]{1,3})\}")


@dataclass(frozen=True)
class ShownLine:
    """An option, an accepted answer, a pair or a gap. `is_right` marks the key; `share` is what it earns, in percent, where that is said."""

    label: str
    html: str
    is_right: bool = False
    share: str = ""
    right: str = ""
    feedback: str = ""


@dataclass(frozen=True)
class Look:
    """A question as it will look; texts are sanitised HTML."""

    type_name: str
    stem: Markup
    lines: list[ShownLine]
    explanation: Markup


def look_of(draft: Draft, files: Mapping[str, str], is_sound: bool) -> Look:
    """The look of a draft; `files` are the digests of its pictures, `is_sound` says that its type has nothing against it."""
    text, name = draft.text, draft.type
    if draft.type in TYPES:
        kind = TYPES[draft.type]
        name = kind.name
        if is_sound:
            text = kind.stem(text, draft.body, kind.arrange(draft.body, InOrder()))
    stem = Markup(_GAP.sub(r'<span class="gap-place">\1</span>', render_rich(text, files)))  # noqa: S704 - digits into sanitised HTML
    lines = list(_lines(draft, files, is_sound))
    return Look(name, stem, lines, render_rich(draft.explanation, files))


def looks_of(questions: Iterable[Question]) -> dict[int, Look]:
    """Looks of the versions in force, by question."""
    versions = current_versions(list(questions))
    return {number: look_of(_draft_of(version), version.files or {}, True) for number, version in versions.items()}


def _draft_of(version: QuestionVersion) -> Draft:
    return Draft(version.type, version.stem, dict(version.body), explanation=version.reason)


def _lines(draft: Draft, files: Mapping[str, str], is_sound: bool) -> Iterator[ShownLine]:
    body = draft.body

    def html(words: Any) -> str:
        return render_rich(words, files) if isinstance(words, str | Mapping) else ""

    if isinstance(body.get("options"), list):
        for place, option in enumerate(body["options"]):
            if isinstance(option, Mapping):
                share = exact(option["fraction"]) if "fraction" in option else None
                is_right = share > 0 if share is not None else bool(option.get("right"))
                label = labels(26)[place] if place < 26 else str(place + 1)
                yield ShownLine(label, html(option.get("text")), is_right, _percent(share), "", html(option.get("feedback")))
    elif isinstance(body.get("answers"), list):
        for answer in body["answers"]:
            if isinstance(answer, Mapping):
                share = exact(answer["fraction"]) if "fraction" in answer else None
                words = html({"text": _accepted(answer), "format": "plain"})
                yield ShownLine("", words, share is None or share > 0, _percent(share), "", html(answer.get("feedback")))
    elif is_sound and draft.type in TYPES:
        kind = TYPES[draft.type]
        for line in kind.review(body, kind.arrange(body, InOrder()), None, html):
            is_choice = line.is_right is not None and not line.right
            if line.label or line.html or line.right:
                yield ShownLine(line.label, line.html, bool(line.is_right) and is_choice, "", line.right, line.feedback)


def _accepted(answer: Mapping[str, Any]) -> str:
    """An accepted answer in words, with its tolerance."""
    words = next((str(answer[name]) for name in ("text", "value", "formula") if name in answer), "")
    if exact(answer.get("tolerance", "0")):
        kind = KINDS.get(str(answer.get("tolerance_kind", "")))
        words += f" ± {answer['tolerance']}" + (f" ({kind})" if kind else "")
    return words if "formula" in answer or "text" in answer else words.replace(".", ",")


def _percent(share: Any) -> str:
    return "" if share is None else f"{float(share * 100):g}%".replace(".", ",")
