"""Files of questions: the formats that are known, which of them a file is, its text, and the refusal of a file that gives nothing."""

from __future__ import annotations

from collections.abc import Iterable

from elearn.lib.errors import InvalidInput
from elearn.lib.registry import Registry
from elearn.questions.rules.exchange import Format, Problem, Reading

FORMATS: Registry[Format] = Registry("elearn.questions.formats", "FORMAT")
"""Formats by key; found when first asked for, so that importing this module loads none of them."""

MOST_BYTES = 64 * 1024 * 1024
"""A file of questions with its pictures; a longer one is refused before anything is read."""

_MARKS = ((b"\xef\xbb\xbf", "utf-8"), (b"\xff\xfe", "utf-16-le"), (b"\xfe\xff", "utf-16-be"))


class UnreadableFile(InvalidInput):
    """Not one question of a file can be taken. `values` hold the first fault (`line`, `reason`), `problems` all of them."""

    def __init__(self, problems: list[Problem]) -> None:
        first = problems[0]
        super().__init__(
            "unreadable_file",
            "Không đọc được câu hỏi nào trong tệp. Dòng %(line)s: %(reason)s",
            field="file",
            line=first.line or 1,
            reason=first.said(),
        )
        self.problems = problems


def recognise(formats: Iterable[Format], name: str, data: bytes) -> Format | None:
    """The format that fits the file best; None where none fits. Among equals one whose name ending it is comes first."""
    ending = name.casefold()
    fits = [(form.looks_like(name, data), ending.endswith(form.suffixes), form) for form in formats]
    score, _, best = max(fits, key=lambda fit: fit[:2], default=(0, False, None))
    return best if score > 0 else None


def check_size(data: bytes, most: int = MOST_BYTES) -> None:
    """Raises InvalidInput for a file longer than `most` bytes."""
    if len(data) > most:
        raise InvalidInput(
            "file_too_large",
            "Tệp lớn hơn %(most)s MB. Hãy chia thành nhiều tệp nhỏ hơn.",
            field="file",
            most=most // (1024 * 1024),
            line=1,
        )


def text_of(data: bytes) -> str:
    """The text of a file in UTF-8 or, with its mark at the beginning, UTF-16; every line ends in "\\n" alone.

    Raises InvalidInput, with the line, where the bytes are no text.
    """
    check_size(data)
    mark, encoding = next(((mark, encoding) for mark, encoding in _MARKS if data.startswith(mark)), (b"", "utf-8"))
    body = data[len(mark) :]
    try:
        text = body.decode(encoding)
    except UnicodeDecodeError as error:
        raise _no_text(body[: error.start].count(b"\n") + 1) from None
    if "\0" in text:
        raise _no_text(text[: text.index("\0")].count("\n") + 1)
    return text.replace("\r\n", "\n").replace("\r", "\n")


def _no_text(line: int) -> InvalidInput:
    message = "Dòng %(line)s có ký tự không đọc được. Hãy lưu tệp ở dạng văn bản với bảng mã UTF-8 rồi nhập lại."
    return InvalidInput("not_utf8", message, field="file", line=line)


def glimpse(data: bytes) -> str:
    """The beginning of a file as text, whatever it is; for telling formats apart."""
    encoding = next((encoding for mark, encoding in _MARKS if data.startswith(mark)), "utf-8")
    return data[: 64 * 1024].decode(encoding, errors="replace").lstrip("\ufeff")


def finished(reading: Reading) -> Reading:
    """The reading itself where it holds a question; raises UnreadableFile where it does not."""
    if not reading.drafts:
        if not any(problem.severity == "error" for problem in reading.problems):
            reading.doubt(1, "Tệp không có câu hỏi nào.", "error")
        raise UnreadableFile(sorted(reading.problems, key=lambda problem: problem.severity != "error"))
    return reading
