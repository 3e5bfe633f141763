"""Reads the bodies of the requests that a sitting page sends: the named fields, of the right kind and size; others are not looked at."""

from __future__ import annotations

import json
from typing import Any

from flask import request

from elearn.lib.errors import InvalidInput
from elearn.quizzes.rules.attempts import NOTES
from elearn.quizzes.rules.grading import CERTAINTIES
from elearn.quizzes.services import Note, Save

LARGEST_NUMBER = 2**53
LONGEST_TEXT = 64
LONGEST_RESPONSE = 300_000
"""Bytes of a response as JSON: an essay of a hundred thousand characters with their marks."""
MOST_NOTES = 50
LONGEST_WAIT = 400 * 24 * 3600


def bad_field(name: str) -> InvalidInput:
    """The refusal of a field."""
    return InvalidInput("bad_field", "Trường %(name)s thiếu hoặc không đúng.", field=name, name=name)


def read_body() -> dict[str, Any]:
    """The JSON object of the request; raises InvalidInput bad_json for anything else."""
    try:
        body = request.get_json(silent=True)
    except RecursionError:
        body = None
    if not isinstance(body, dict):
        raise InvalidInput("bad_json", "Yêu cầu không đúng dạng.")
    return body


def read_json(fields: dict[str, type | tuple[type, ...]], optional: tuple[str, ...] = ()) -> dict[str, Any]:
    """The named fields of the JSON body; raises InvalidInput for what is missing or of another kind. Other fields are not looked at."""
    body = read_body()
    values = {}
    for name, kind in fields.items():
        value = body.get(name)
        if value is None and name in optional:
            continue
        is_wrong = kind is not object and (not isinstance(value, kind) or (kind is int and isinstance(value, bool)))
        if (
            is_wrong
            or (isinstance(value, str) and not (len(value) <= LONGEST_TEXT and value.isascii() and value.isprintable()))
            or (isinstance(value, int) and abs(value) > LARGEST_NUMBER)
        ):
            raise bad_field(name)
        values[name] = value
    return values


def read_save() -> Save:
    """The body of a save."""
    fields: dict[str, type | tuple[type, ...]] = {
        "slot": int, "client_seq": int, "key": str, "holder": str, "certainty": int, "waited_seconds": int,
    }  # fmt: skip
    read = read_json(fields, optional=("holder", "certainty", "waited_seconds"))
    if not read["key"] or read["client_seq"] < 0:
        raise bad_field("key")
    if read.get("certainty") is not None and read["certainty"] not in CERTAINTIES:
        raise bad_field("certainty")
    waited = read.get("waited_seconds")
    if waited is not None and not 0 <= waited <= LONGEST_WAIT:
        raise bad_field("waited_seconds")
    return Save(
        read["slot"],
        read_response(),
        read["client_seq"],
        read["key"],
        read.get("holder", "")[:40],
        read.get("certainty"),
        waited,
        read_notes(),
    )


def read_response() -> Any:
    """The response, whatever its shape: JSON that can be stored, of a bounded size."""
    response = read_body().get("response")
    refused = InvalidInput("bad_response", "Câu trả lời không hợp lệ. Hãy chọn lại.", field="response")
    try:
        encoded = json.dumps(response, ensure_ascii=False, allow_nan=False).encode()
    except (ValueError, RecursionError):  # half a character, a number that is none, a nest without end
        raise refused from None
    if len(encoded) > LONGEST_RESPONSE:
        raise refused
    return response


def read_notes() -> tuple[Note, ...]:
    """What the page tells beside its saves; none where it tells nothing."""
    told = read_body().get("notes")
    if told is None:
        return ()
    if not isinstance(told, list) or len(told) > MOST_NOTES:
        raise bad_field("notes")
    return tuple(_note(one) for one in told)


def _note(told: Any) -> Note:
    if not isinstance(told, dict) or told.get("kind") not in NOTES:
        raise bad_field("notes")
    slot, seconds = told.get("slot"), told.get("seconds")
    for value, most in ((slot, 10_000), (seconds, LONGEST_WAIT)):
        if value is not None and (not isinstance(value, int) or isinstance(value, bool) or not 0 <= value <= most):
            raise bad_field("notes")
    return Note(told["kind"], slot, seconds)


def read_words(name: str, longest: int) -> str:
    """A field of free words; raises InvalidInput where it is none or too long."""
    value = read_body().get(name)
    if not isinstance(value, str) or len(value) > longest:
        raise bad_field(name)
    try:
        value.encode()
    except UnicodeEncodeError:
        raise bad_field(name) from None
    return value.replace("\0", "")
