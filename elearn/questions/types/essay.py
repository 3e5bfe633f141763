"""Written at length, with files where they are asked for; a person marks it."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from typing import Any

from elearn.questions.rules.choices import Body, Example, exact, is_rich, mappings
from elearn.questions.rules.outcomes import Line, Part, read_words, refused
from elearn.questions.rules.texts import Html, Rich, format_of, plain, words_of
from elearn.questions.types import QuestionType, WholeAnswer

LONGEST = 100_000
LONGEST_WORD = 20
"""Characters a word for which there is room: far more than words have, so that nobody is cut off for long ones."""
LONGEST_NAME = 100
MOST_FILES = 3

_BODY: Body = {
    "lines": 10,
    "word_limit": 50,
    "attachments": 1,
    "rubric": [{"name": "Content", "points": "3"}, {"name": "Style", "points": "1"}],
}


class Essay(WholeAnswer):
    key = "essay"
    name = "Tự luận"
    instruction = "Viết câu trả lời. Người chấm sẽ đọc và cho điểm."
    needs_marker = True
    examples: tuple[Example, ...] = (
        Example(_BODY, [], {"text": "For the people.", "files": []}, None, "an answer", is_for_marker=True),
        Example(_BODY, [], {"text": "", "files": ["work.pdf"]}, None, "a file alone", is_for_marker=True),
        Example(_BODY, [], {"text": "Words alone."}, None, "nothing about files", is_for_marker=True),
        Example(_BODY, [], {"text": " \n ", "files": []}, Fraction(0), "empty"),
        Example(_BODY, [], None, Fraction(0), "empty"),
        Example(_BODY, [], {"text": "", "files": ["a.pdf", "b.pdf"]}, None, "a file too many"),
        Example(_BODY, [], {"text": "", "files": ["../\x00"]}, None, "no name of a file"),
        Example(_BODY, [], {"text": "x" * 5000, "files": []}, None, "far too long"),
        Example(_BODY, [], "For the people.", None, "malformed"),
    )

    def check(self, body: Body, text: Rich = "") -> list[str]:
        faults = []
        for name, least, most in (
            ("lines", 1, 100),
            ("word_limit", 1, 20_000),
            ("attachments", 0, MOST_FILES),
            ("examiners", 1, 5),
        ):
            value = body.get(name, 1)
            if not isinstance(value, int) or isinstance(value, bool) or not least <= value <= most:
                faults.append("Số dòng, giới hạn số từ, số tệp hoặc số người chấm không hợp lệ.")
                break
        rubric = mappings(body.get("rubric", []))
        if rubric is None or not all(isinstance(row.get("name"), str) and row["name"].strip() for row in rubric):
            faults.append("Mỗi tiêu chí chấm phải có tên.")
        elif any(
            (exact(row.get("points")) or 0) <= 0 or (exact(row.get("weight", "1")) or 0) <= 0 or not is_rich(row.get("guide", ""))
            for row in rubric
        ):
            faults.append("Mỗi tiêu chí chấm phải có số điểm tối đa và hệ số lớn hơn 0.")
        elif len({row["name"].strip() for row in rubric}) < len(rubric):
            faults.append("Có hai tiêu chí chấm cùng tên.")
        difference = exact(body.get("difference", "1"))
        if difference is None or difference < 0:
            faults.append("Mức chênh lệch giữa những người chấm phải là một số không âm.")
        if not all(is_rich(body.get(name, "")) for name in ("guide", "template")):
            faults.append("Hướng dẫn chấm và mẫu trả lời phải là chữ.")
        return faults

    def controls(self, body: Body, order: Any, html: Html) -> dict[str, Any]:
        template = body.get("template", "")
        return {
            "kind": "essay",
            "lines": body.get("lines", 15),
            "word_limit": body.get("word_limit"),
            "attachments": body.get("attachments", 0),
            "template": plain(template) if format_of(template) in ("html", "moodle") else words_of(template),
        }

    def read(self, body: Body, order: Any, response: object) -> dict[str, Any] | None:
        """{"text", "files"} with both keys; files are names under which the caller keeps what was handed in."""
        if response is None:
            return None
        if not isinstance(response, Mapping) or not set(response) <= {"text", "files"}:
            raise refused()
        longest = min(LONGEST, body["word_limit"] * LONGEST_WORD + 200) if body.get("word_limit") else LONGEST
        words, files = read_words(response.get("text"), longest, keeps_lines=True), response.get("files") or []
        if not isinstance(files, list) or len(files) > body.get("attachments", 0):
            raise refused("Bài có nhiều tệp hơn số được nộp.")
        if not all(
            isinstance(name, str) and 0 < len(name) <= LONGEST_NAME and name.strip() and name.isprintable() for name in files
        ):
            raise refused("Tên tệp không hợp lệ.")
        if len(set(files)) < len(files):
            raise refused("Có hai tệp cùng tên.")
        return {"text": words or "", "files": list(files)} if words or files else None

    def mark(self, body: Body, order: Any, response: object) -> Fraction | None:
        return Fraction(0) if self.read(body, order, response) is None else None

    def right(self, body: Body, order: Any) -> None:
        return None

    def review(self, body: Body, order: Any, response: object, html: Html) -> list[Line]:
        return [Line("", "", response=self.words(body, order, response))]

    def words(self, body: Body, order: Any, response: object) -> str:
        given = self.read(body, order, response) or {"text": "", "files": []}
        return "\n".join(filter(None, [given["text"], *(f"[{name}]" for name in given["files"])]))

    def classes(self, body: Body, order: Any, response: object) -> list[Part]:
        """None: no two are alike."""
        return []

    def model(self, body: Body, order: Any = None) -> list[Part]:
        return []

    def texts(self, body: Body) -> list[str]:
        rows = [words for row in body.get("rubric", ()) for words in (row["name"], plain(row.get("guide")))]
        return [words for words in (plain(body.get("template")), plain(body.get("guide")), *rows) if words]


TYPE: QuestionType = Essay()
