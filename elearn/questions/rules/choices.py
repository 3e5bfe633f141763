"""What types of question with options have in common: labels, order, and the shape of a response."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any, Protocol

from elearn.lib.errors import InvalidInput

LABELS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
Body = Mapping[str, Any]


class Mixing(Protocol):
    """Random numbers for one attempt; `rules.drawing.Stream` is the real one."""

    def below(self, bound: int) -> int:
        """A whole number from 0 up to, but without, `bound`."""

    def permutation(self, count: int) -> list[int]:
        """range(count), mixed."""


@dataclass(frozen=True)
class Example:
    """A worked case that a type carries: `mark` is the share of the full mark, None where the response is refused."""

    body: Body
    order: Any
    response: object
    mark: Fraction | None
    why: str = ""


def share(option: Mapping[str, Any]) -> Fraction:
    """The share of the mark that an option or accepted answer earns: its `fraction`, else 1 where it is `right`, else 0."""
    return Fraction(str(option["fraction"])) if "fraction" in option else Fraction(bool(option.get("right")))


def labels(count: int) -> str:
    """Letters of that many options in the order in which they are shown."""
    return LABELS[:count]


def option_faults(options: object, fewest: int, most: int) -> list[str]:
    """Faults of a list of options, in Vietnamese source messages; empty where there is none."""
    if not isinstance(options, list) or not all(isinstance(option, Mapping) for option in options):
        return ["Thiếu danh sách phương án."]
    found = []
    if not fewest <= len(options) <= most:
        found.append("Số phương án không đúng với loại câu hỏi này.")
    texts = [str(option.get("text", "")).strip() for option in options]
    if not all(texts):
        found.append("Có phương án để trống.")
    if len({text.casefold() for text in texts}) < len(texts):
        found.append("Có hai phương án giống nhau.")
    return found


def shuffled(options: Sequence[Mapping[str, Any]], shuffle: Callable[[int], list[int]]) -> list[int]:
    """Canonical positions in shown order: mixed by `shuffle(n)`, except options that must stay last."""
    free = [index for index, option in enumerate(options) if not option.get("last")]
    fixed = [index for index, option in enumerate(options) if option.get("last")]
    return [free[place] for place in shuffle(len(free))] + fixed


def chosen(response: object, count: int, is_multiple: bool) -> set[int]:
    """Shown positions that a response names: "B" or ["A", "C"]. Raises InvalidInput for anything else; None is no answer."""
    known = labels(count)
    if response is None or response == []:
        return set()
    if is_multiple:
        is_list = isinstance(response, list) and all(isinstance(label, str) for label in response)
        names = list(response) if is_list and isinstance(response, list) else None
    else:
        names = [response] if isinstance(response, str) else None
    if names is None or len(set(names)) != len(names) or any(len(name) != 1 or name not in known for name in names):
        raise InvalidInput("bad_response", "Câu trả lời không hợp lệ. Hãy chọn lại.", field="response")
    return {known.index(name) for name in names}


def right_places(options: Sequence[Mapping[str, Any]], order: Sequence[int]) -> set[int]:
    """Shown positions of the right options."""
    return {place for place, index in enumerate(order) if options[index].get("right")}
