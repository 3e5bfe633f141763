"""Types of question, one file each.

A module offers `TYPE`, an object with

- `key`, stored with a question; `name` and `instruction`, Vietnamese source messages; `is_multiple`, whether several may be chosen;
- `check(body) -> list[str]`: faults of a body, none where it is sound;
- `order(body, shuffle) -> list[int]`: canonical option positions as shown; `shuffle(n)` gives a permutation of range(n);
- `shown(body, order) -> list[str]`: texts of the options as shown, without a word about the key;
- `right(body, order) -> set[int]`: shown positions of the right options; never sent before its time;
- `chosen(body, order, response) -> set[int]`: shown positions that a response names; raises InvalidInput for a malformed one;
- `mark(body, order, response) -> Fraction`: share of the full mark, 0 to 1;
- `examples`: worked cases, exercised by one test for all types.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from fractions import Fraction
from typing import Protocol

from elearn.questions.rules.choices import Body, Example


class QuestionType(Protocol):
    """The shape described above."""

    key: str
    name: str
    instruction: str
    is_multiple: bool
    examples: tuple[Example, ...]

    def check(self, body: Body) -> list[str]: ...
    def order(self, body: Body, shuffle: Callable[[int], list[int]]) -> list[int]: ...
    def shown(self, body: Body, order: Sequence[int]) -> list[str]: ...
    def right(self, body: Body, order: Sequence[int]) -> set[int]: ...
    def chosen(self, body: Body, order: Sequence[int], response: object) -> set[int]: ...
    def mark(self, body: Body, order: Sequence[int], response: object) -> Fraction: ...
