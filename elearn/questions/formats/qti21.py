"""QTI 2.0, 2.1 and 2.2: read all three, write 2.2; packages (.zip) and single items (.xml)."""

from __future__ import annotations

from collections.abc import Sequence

from elearn.questions.rules.exchange import Draft, Reading
from elearn.questions.rules.qti import examples
from elearn.questions.rules.qti.packages import read_package, version_of, write_package
from elearn.questions.rules.qti.writing import WRITES


class Qti2:
    key = "qti21"
    name = "QTI 2.1/2.2"
    suffixes = (".zip", ".xml")
    mimetype = "application/zip"
    writes = WRITES
    examples = examples.OF_VERSION_2

    def looks_like(self, name: str, data: bytes) -> int:
        """See `rules.exchange.Format`."""
        return 95 if version_of(data) == 2 else 0

    def read(self, data: bytes) -> Reading:
        """See `rules.exchange.Format`. What cannot be taken along is told in the reading's problems."""
        return read_package(data)

    def write(self, drafts: Sequence[Draft]) -> bytes:
        """See `rules.exchange.Format`; `rules.qti.packages` says what stands beside the items."""
        return write_package(drafts, is_new=False)


FORMAT = Qti2()
