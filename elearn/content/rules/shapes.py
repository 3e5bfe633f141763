"""The fields of documents, courses, lessons and question banks."""

from __future__ import annotations

from elearn.content.rules import fields
from elearn.questions.rules.levels import LEVELS

DOCUMENT = {
    "key": fields.code(),
    "number": fields.text(60, required=False),
    "kind": fields.text(40),
    "title": fields.text(400),
    "issuer": fields.text(200, required=False),
    "issued_on": fields.day(required=False),
    "url": fields.web_address(),
    "valid_to": fields.day(required=False),
    "superseded_by": fields.code(required=False),
    "checked_on": fields.day(required=False),
}
COURSE = {
    "code": fields.code(),
    "title": fields.text(200),
    "title_en": fields.text(200),
    "summary": fields.text(),
    "summary_en": fields.text(),
    "audience": fields.text(200, required=False),
    "as_of": fields.day(),
    "reviewed_on": fields.day(required=False),
    "lessons": fields.codes(),
    "quiz": fields.part(required=False),
}
QUIZ = {
    "title": fields.text(200),
    "bank": fields.code(),
    "draw": fields.items(),
    "minutes": fields.count(600),
    "attempts": fields.count(100),
    "pass_percent": fields.count(100),
}
DRAW = {"count": fields.count(500), "level": fields.one_of(*LEVELS, required=False)}
LESSON = {
    "title": fields.text(200),
    "title_en": fields.text(200),
    "summary": fields.text(),
    "summary_en": fields.text(),
    "minutes": fields.count(600),
    "as_of": fields.day(),
    "sources": fields.codes(),
}
BANK = {
    "code": fields.code(),
    "title": fields.text(200),
    "title_en": fields.text(200),
    "as_of": fields.day(),
    "reviewed_on": fields.day(required=False),
    "questions": fields.items(),
}
QUESTION = {
    "code": fields.code(),
    "type": fields.one_of("single_choice", "multiple_choice", "true_false"),
    "topic": fields.text(200),
    "level": fields.one_of(*LEVELS),
    "text": fields.text(),
    "options": fields.items(required=False, fewest=0),
    "answer": fields.yes_or_no(),
    "explanation": fields.text(),
    "source": fields.part(),
}
OPTION = {"text": fields.text(2000), "right": fields.yes_or_no(), "last": fields.yes_or_no()}
SOURCE = {"document": fields.code(), "clause": fields.text(120, required=False)}
