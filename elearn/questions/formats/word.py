"""Word files (.docx) as officers write them."""

from __future__ import annotations

import re
from collections.abc import Sequence

from elearn.core.files.word import is_word, read_document
from elearn.core.files.word.writing import Run, WordFile
from elearn.questions.rules.exchange import Draft, Reading
from elearn.questions.rules.typed import WRITES, pictures_in, read_typed, refuse_unknown, typed_file, words
from elearn.questions.rules.typed.writing import TypedLine

MARK = "elearn-typed-questions"
"""Among the key words of a file of our own: its texts are Markdown."""
_IN_ROW = 10
_PICTURE = re.compile(r"!\[([^\]]*)\]\(@@PLUGINFILE@@/([^)]*)\)")
_LINES = (
    ("Câu 1: ", "Đại hội I của Đảng họp ở đâu?", False),
    ("A. ", "Hương Cảng", False),
    ("B. ", "Ma Cao", True),
    ("C. ", "Hà Nội", False),
    ("Câu 2: ", "Ai chủ trì hội nghị hợp nhất năm 1930?", False),
    ("A. ", "Trần Phú", False),
    ("B. ", "Lê Hồng Phong", False),
    ("C. ", "Nguyễn Ái Quốc", True),
    ("Giải thích: ", "Hội nghị họp ở Hương Cảng.", False),
)
_LABEL = re.compile(r"\S+(?:\s\d+:)?")


def _example() -> bytes:
    """A file such as officers write: keys in bold, no mark of ours."""
    file = WordFile()
    for label, text, right in _LINES:
        file.paragraph([Run(label, is_bold=True), Run(text, is_bold=right)])
    return file.data()


class Word:
    key = "docx"
    name = "Word"
    suffixes = (".docx",)
    mimetype = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
    writes = WRITES
    examples = (_example(),)

    def looks_like(self, name: str, data: bytes) -> int:
        """95 for a .docx; something for files that only carry its name, so that reading them says what is wrong."""
        if is_word(data):
            return 95
        return 30 if name.lower().endswith((".docx", ".doc", ".docm", ".dotx", ".rtf", ".odt")) else 0

    def read(self, data: bytes) -> Reading:
        """The questions. Raises InvalidInput, with advice, for what is no sound .docx."""
        return read_typed(read_document(data, MARK))

    def write(self, drafts: Sequence[Draft]) -> bytes:
        """The questions in the same style: right options in bold, and a table of answers at the end."""
        refuse_unknown(drafts)
        file = WordFile(MARK)
        answers: list[tuple[int, str]] = []
        for number, (draft, lines) in enumerate(zip(drafts, typed_file(drafts, with_keys=False), strict=True), start=1):
            shown: set[str] = set()
            for line in lines:
                file.paragraph(_runs(line, draft, shown), stays_with_next=line.kind in ("question", "option"))
            rest = [name for name in draft.files if name not in shown]
            if rest:
                label = f"{words.WRITTEN['files']}: "
                file.paragraph([Run(label), *(Run("", picture=(name, "", draft.files[name])) for name in rest)])
            file.paragraph([])
            right = [place for place, option in enumerate(draft.body.get("options", [])) if option.get("right")]
            if right and draft.type in ("single_choice", "multiple_choice"):
                answers.append((number, ", ".join(chr(65 + place) for place in right)))
        if answers:
            file.paragraph([Run(words.ANSWERS, is_bold=True)], stays_with_next=True)
            rows: list[list[str]] = []
            for start in range(0, len(answers), _IN_ROW):
                some = answers[start : start + _IN_ROW]
                rows += [
                    [words.QUESTION, *(str(number) for number, _key in some)],
                    [words.WRITTEN["key"], *(key for _number, key in some)],
                ]
            file.table(rows)
        return file.data()


def _runs(line: TypedLine, draft: Draft, shown: set[str]) -> list[Run]:
    """The runs of a line: its label in bold, the right option wholly so, pictures in their places."""
    runs: list[Run] = []
    text = line.text
    at = 0
    if line.kind == "question":
        label = _LABEL.match(text)
        at = label.end() if label else 0
        runs.append(Run(text[:at], is_bold=True))
    for found in pictures_in(text):
        parts = _PICTURE.fullmatch(found[0])
        if parts is None or parts[2] not in draft.files:
            continue
        runs += [Run(text[at : found.start()], line.is_key), Run("", picture=(parts[2], parts[1], draft.files[parts[2]]))]
        shown.add(parts[2])
        at = found.end()
    runs.append(Run(text[at:], line.is_key or line.kind == "topic"))
    return runs


FORMAT = Word()
