"""Cuts the lines of a result down to what may be seen: nothing of the key leaves before its time."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from elearn.questions.types import Line


def cut_lines(lines: Iterable[Line], shows: frozenset[str]) -> list[Line]:
    """The lines with what is not among `shows` taken out.

    Whether a line is right tells the key where the taker had not chosen it: such lines say so only where right answers are shown. What is
    said about an option belongs to those who chose it, and to those who may see the right answers; what is said about the whole response
    stands in a line of its own.
    """
    cut = []
    for line in lines:
        is_own = line.is_chosen or bool(line.response)
        is_about_all = not line.label and not line.html
        sees_key = "right_answer" in shows
        cut.append(
            replace(
                line,
                is_right=line.is_right if sees_key or ("correctness" in shows and is_own) else None,
                right=line.right if sees_key else "",
                feedback=line.feedback if "feedback" in shows and (is_own or is_about_all or sees_key) else "",
            )
        )
    return cut
