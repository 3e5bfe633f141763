"""QTI 3.0, read and written; packages (.zip) and single items (.xml)."""

from __future__ import annotations

from collections.abc import Sequence

from elearn.questions.rules.exchange import Draft, Reading
from elearn.questions.rules.qti import examples
from elearn.questions.rules.qti.packages import read_package, version_of, write_package
from elearn.questions.rules.qti.writing import WRITES


class Qti3:
    key = "qti30"
    name = "QTI 3.0"
    suffixes = (".zip", ".xml")
    mimetype = "application/zip"
    writes = WRITES
    examples = examples.OF_VERSION_3

    def looks_like(self, name: str, data: bytes) -> int:
        """See `rules.exchange.Format`."""
        return 95 if version_of(data) == 3 else 0

    def read(self, data: bytes) -> Reading:
        """See `rules.exchange.Format`. What cannot be taken along is told in the reading's problems."""
        return read_package(data)

    def write(self, drafts: Sequence[Draft]) -> bytes:
        """See `rules.exchange.Format`; `rules.qti.packages` says what stands beside the items."""
        return write_package(drafts, is_new=True)


FORMAT = Qti3()
