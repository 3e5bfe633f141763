"""The whole way at once, without anybody looking: for the command line. What has to be mended is left out and told."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from elearn.questions.rules.exchange import Format, Reading
from elearn.questions.rules.staging import Doubt, first_choice, worst_of
from elearn.questions.services.importing.applying import apply_import
from elearn.questions.services.importing.staging import judge, keeper, look_only
from elearn.questions.services.importing.uploading import Person, about_file, lay_out, quietly


@dataclass(frozen=True)
class Brought:
    """What came of it. `ready` would be or were taken; `all_wrong`: there are questions, and every one has to be mended first."""

    imported: int
    skipped: int
    ready: int
    all_wrong: bool
    doubts: list[Doubt]


def bring(
    reading: Reading, form: Format, bank_id: int, name: str, actor: Person, now: Callable[[], datetime], is_dry: bool
) -> Brought:
    """Judge what was read and, unless `is_dry`, write what can be taken. Nothing at all is written where nothing can."""
    judged = judge(reading, bank_id, look_only if is_dry else keeper(actor[0], now()), quietly)
    doubts = [*about_file(reading), *(doubt for one in judged for doubt in one.doubts)]
    worst = [worst_of(one.doubts) for one in judged]
    ready = sum(first_choice(gravest, one.is_known) == "take" for gravest, one in zip(worst, judged, strict=True))
    imported = 0
    if ready and not is_dry:
        imported = apply_import(lay_out(bank_id, name, form, reading, judged, actor, now()), actor, now)
    return Brought(imported, len(judged) - ready, ready, all(gravest == "error" for gravest in worst), doubts)
