"""A document of lines becomes questions with all that is doubtful about them."""

from __future__ import annotations

from bisect import bisect_right

from elearn.lib.repair import COMPOSED, ETH
from elearn.lib.styled import FIRST_OBJECT, Document, Table
from elearn.questions.rules.exchange import Problem, Reading, Severity
from elearn.questions.rules.files import finished
from elearn.questions.rules.typed.drafts import Maker, doubled_texts, numbering_problems, with_place
from elearn.questions.rules.typed.entries import Entry
from elearn.questions.rules.typed.listed import give_keys, series
from elearn.questions.rules.typed.marks import Marks
from elearn.questions.rules.typed.parsing import parse
from elearn.questions.rules.typed.repairing import put_right
from elearn.questions.rules.typed.splitting import split
from elearn.questions.rules.typed.texts import Renderer

_SAID: dict[str, tuple[Severity, str]] = {
    COMPOSED: ("info", "Chữ có dấu gõ tách rời đã được ghép lại."),
    ETH: ("warning", "Chữ “Ð” gõ nhầm (khác chữ Đ tiếng Việt) đã được sửa thành “Đ”."),
    "tcvn3": ("warning", "Chữ gõ bằng phông cũ (.VnTime, bảng mã TCVN3) đã được chuyển sang Unicode. Hãy đọc lại."),
    "vni": ("warning", "Chữ gõ bằng phông VNI đã được chuyển sang Unicode. Hãy đọc lại."),
    "windows-1258": ("info", "Chữ theo bảng mã Windows-1258 đã được chuyển sang Unicode."),
    "inserted": ("info", "Phần chèn thêm trong chế độ theo dõi sửa đổi được giữ lại."),
    "deleted": ("info", "Phần đã xoá trong chế độ theo dõi sửa đổi được bỏ đi."),
    "struck": ("warning", "Chữ gạch ngang “%(words)s” được bỏ đi."),
    "hidden": ("warning", "Chữ ẩn “%(words)s” được bỏ đi."),
    "footnote": ("warning", "Có chú thích cuối trang không được đưa vào câu hỏi: “%(words)s”."),
    "formula": ("error", "Công thức có phần chưa chuyển được sang LaTeX (%(words)s). Hãy gõ lại công thức."),
    "symbol": ("warning", "Có ký hiệu của phông %(words)s không đọc được nên bị bỏ đi."),
    "object": (
        "error",
        "Có đối tượng nhúng (công thức MathType, bảng tính…) không đọc được. Hãy thay bằng công thức của Word hoặc bằng hình.",
    ),
    "drawing": ("warning", "Có hình vẽ hoặc biểu đồ của Word không đọc được. Hãy chụp lại thành hình."),
    "picture_kind": ("error", "Hình %(words)s có định dạng trang web không hiển thị được. Hãy lưu lại thành PNG hoặc JPEG."),
    "picture_size": ("error", "Hình %(words)s lớn hơn 10 MB nên không được đọc."),
}


def _notes(document: Document, entries: list[Entry], problems: list[Problem]) -> None:
    """Gives what was noted about a line to the question in which it stands."""
    starts = [entry.line for entry in entries]
    told: set[tuple[int, str, str]] = set()
    for note in document.notes:
        place = bisect_right(starts, note.line) - 1
        if (place, note.kind, note.words) in told:
            continue
        told.add((place, note.kind, note.words))
        severity, message = _SAID[note.kind]
        values = {"words": note.words} if "%(words)s" in message else {}
        if place < 0:
            problems.append(Problem(note.line, severity, message, values))
        else:
            entries[place].problems.append(Problem(note.line, severity, message, values, None, "text"))


def read_typed(document: Document) -> Reading:
    """The questions of a document and the doubts about them, those of the file as a whole first. Raises InvalidInput where it has none."""
    put_right(document)
    cut = split(document)
    entries = [parsed for entry in cut.entries for parsed in parse(entry, document)]
    entries = [entry for entry in entries if entry.stem or entry.choices or entry.keys or entry.number is not None]
    reading = Reading()
    reading.problems += give_keys(entries, cut.answers)
    for line in cut.unused[:20]:
        reading.doubt(
            line.number,
            "Dòng “%(words)s” không thuộc câu hỏi nào nên được bỏ qua.",
            "info",
            words=_words(_unused(document, line.text)),
        )
    for number, text in cut.headings:
        reading.doubt(number, "Dòng “%(words)s” được coi là tên chủ đề.", "info", words=_words(text))
    numbering_problems(entries, series([entry.number for entry in entries]))
    if entries and any(not entry.said_number for entry in entries):
        first = next(entry for entry in entries if not entry.said_number)
        reading.doubt(first.line, "Có câu hỏi không đánh số; mỗi câu được nhận ra nhờ các phương án đi sau.", "info")
    marks = Marks(entries)
    renderer = Renderer(document)
    reading.drafts = [Maker(entry, place, marks, renderer).draft() for place, entry in enumerate(entries)]
    doubled_texts(reading.drafts, entries)
    _notes(document, entries, reading.problems)
    for place, entry in enumerate(entries):
        reading.problems += [with_place(problem, place) for problem in sorted(entry.problems, key=lambda problem: problem.line)]
    if not entries:
        reading.doubt(1, "Không tìm thấy câu hỏi nào. Mỗi câu nên bắt đầu bằng “Câu 1:”, mỗi phương án bằng “A.”, “B.”…", "error")
    return finished(reading)


def _unused(document: Document, text: str) -> str:
    """The words of a line, those of a table in it too."""
    found = (document.object_at(letter) for letter in text)
    tables = [
        " ".join(cell.words() for row in thing.rows for cell in row.cells if cell.words())
        for thing in found
        if isinstance(thing, Table)
    ]
    return " ".join(["".join(letter for letter in text if ord(letter) < FIRST_OBJECT), *tables]).strip()


def _words(text: str) -> str:
    return text if len(text) <= 80 else f"{text[:77]}…"
