"""`flask questions import` and `export`: what programs rely on."""

from __future__ import annotations

import json

import pytest
import sqlalchemy as sa

from elearn.core.db import db
from elearn.questions.models import Question, QuestionImport, QuestionImportRow
from elearn.questions.rules.exchange import Draft
from elearn.questions.rules.files import FORMATS
from tests.questions.formats.moodle_shape import QTYPES, expected, peer, same
from tests.questions.imports.conftest import FAULTY, SOUND, put

FORMATS_OF_PEER = {"gift": "gift", "aiken": "aiken", "xml": "moodle_xml"}
PEERS = [
    ("gift", "examples.txt", "gift-examples.txt"),
    ("aiken", "questions.aiken.txt", "questions.aiken.txt"),
    ("aiken", "aiken_errors.txt", "aiken_errors.txt"),
    ("xml", "multichoice.xml", "multichoice.xml"),
    ("xml", "nested_categories.xml", "nested_categories.xml"),
    ("xml", "truefalse.xml", "truefalse.xml"),
    ("xml", "broken_cloze_questions.xml", "broken_cloze_questions.xml"),
]


@pytest.fixture
def run(app, bank, tmp_path):
    def call(*arguments):
        return app.test_cli_runner().invoke(args=["questions", *arguments])

    def bring(data, *arguments, name="questions.txt", bank="lich-su"):
        path = tmp_path / name
        path.write_bytes(data if isinstance(data, bytes) else data.encode())
        return app.test_cli_runner().invoke(args=["questions", "import", str(path), "--bank", bank, *arguments])

    call.bring = bring
    return call


def in_json(done):
    """The one object on the output."""
    return json.loads(done.stdout)


@pytest.mark.parametrize(("kind", "name", "file"), PEERS)
def test_it_tells_what_other_systems_store(run, kind, name, file):
    wanted = expected(f"{kind}__{name}")
    done = run.bring(peer("moodle-formats", file), "--dry-run", "--json", "--format", FORMATS_OF_PEER[kind], name=file)
    answer = in_json(done)
    assert set(answer) == {"format", "questions", "problems", "imported", "skipped"}
    assert done.exit_code == (0 if wanted["ok"] else 1)
    assert any(problem["severity"] == "error" for problem in answer["problems"]) == bool(wanted["messages"])
    assert all(set(problem) == {"line", "severity", "message"} for problem in answer["problems"])
    assert len(answer["questions"]) == len(wanted["questions"])
    for ours, theirs in zip(answer["questions"], wanted["questions"], strict=True):
        assert QTYPES[ours["type"]] == theirs["qtype"]
        same(ours["name"], theirs["name"])
        same(ours["text"], theirs["questiontext"])
        same(ours["explanation"], theirs["generalfeedback"])
        same(ours["default_mark"], theirs["defaultmark"])
        same(ours["options"], theirs.get("answers", []))
        if "subquestions" in theirs:
            pairs = [{"q": pair["left"], "a": pair["right"]} for pair in ours["pairs"]]
            same(pairs + [{"q": "", "a": extra} for extra in ours["extra"]], theirs["subquestions"])


@pytest.mark.parametrize("form", list(FORMATS), ids=lambda form: form.key)
def test_it_recognises_and_brings_in_the_examples_of_every_format(run, form):
    for example in form.examples:
        if not form.read(example).drafts:
            continue
        answer = in_json(run.bring(example, "--json", name=f"questions{form.suffixes[0]}"))
        assert answer["format"] == form.key
        assert answer["imported"] + answer["skipped"] == len(answer["questions"])
        assert not [problem for problem in answer["problems"] if problem["severity"] == "error"]
    assert db.session.scalar(sa.select(sa.func.count()).select_from(Question)) > 0


def test_it_brings_drafts_in_and_tells_how_many(run, bank):
    done = run.bring(SOUND, "--json")
    assert done.exit_code == 0
    answer = in_json(done)
    assert (answer["format"], answer["imported"], answer["skipped"]) == ("text", 3, 0)
    assert answer["questions"][0] == {
        "name": "",
        "type": "single_choice",
        "text": "Đại hội I của Đảng họp ở đâu?",
        "default_mark": 1,
        "options": [
            {"text": "Hương Cảng", "fraction": 0, "feedback": ""},
            {"text": "Ma Cao", "fraction": 1, "feedback": ""},
            {"text": "Hà Nội", "fraction": 0, "feedback": ""},
        ],
        "text_format": "markdown",
        "explanation": "",
        "category": "",
        "tags": [],
        "line": 1,
    }
    found = db.session.scalars(sa.select(Question)).all()
    assert {(one.status, one.author_id, one.bank_id) for one in found} == {("draft", None, bank.id)}
    one = db.session.scalar(sa.select(QuestionImport))
    assert (one.state, one.member_id) == ("applied", None)


def test_it_writes_nothing_in_a_dry_run(run):
    answer = in_json(run.bring(SOUND, "--dry-run", "--json"))
    assert (answer["imported"], answer["skipped"], len(answer["questions"])) == (0, 0, 3)
    for model in (Question, QuestionImport, QuestionImportRow):
        assert db.session.scalar(sa.select(sa.func.count()).select_from(model)) == 0


def test_it_leaves_out_what_must_be_mended_and_says_where(run):
    done = run.bring(FAULTY, "--json")
    assert done.exit_code == 0
    answer = in_json(done)
    assert (answer["imported"], answer["skipped"]) == (1, 2)
    assert [(one["line"], one["severity"]) for one in answer["problems"]] == [(9, "error"), (12, "error")]


def test_it_does_not_bring_the_same_in_twice(run):
    assert in_json(run.bring(SOUND, "--json"))["imported"] == 3
    again = run.bring(SOUND, "--json")
    assert again.exit_code == 0
    assert (in_json(again)["imported"], in_json(again)["skipped"]) == (0, 3)
    assert "lich-su-0001" in in_json(again)["problems"][0]["message"]


@pytest.mark.parametrize(
    ("data", "arguments", "code", "words"),
    [
        ("BẢNG ĐÁP ÁN\n1. A  2. B\n", (), "lich-su", "chỉ có bảng đáp án"),
        ("", (), "lich-su", "không có nội dung"),
        (b"\x00\x01\x02\xff\xfe" * 50, (), "lich-su", "Không nhận ra định dạng"),
        (SOUND, ("--format", "wordperfect"), "lich-su", "Chưa có định dạng"),
        (SOUND, ("--format", "json"), "lich-su", ""),
        (SOUND, (), "khong-co", "Không có ngân hàng nào"),
        ("Câu 1: Ai?\nA. a\nB. b\n", (), "lich-su", "không có đáp án"),
    ],
)  # fmt: skip
def test_it_refuses_with_a_reason(run, data, arguments, code, words):
    done = run.bring(data, "--json", *arguments, bank=code)
    assert done.exit_code == 1
    answer = in_json(done)
    assert answer["imported"] == 0
    assert words in answer["problems"][0]["message"]
    assert not db.session.scalar(sa.select(Question.id))


def test_it_ends_with_two_where_it_is_used_wrongly(run, app):
    assert app.test_cli_runner().invoke(args=["questions", "import", "no-such-file", "--bank", "lich-su"]).exit_code == 2
    assert run("import").exit_code == 2


def test_it_shows_doubts_in_words(run):
    done = run.bring(FAULTY, "--dry-run")
    assert done.exit_code == 0
    assert "Câu này chỉ có một phương án." in done.stdout
    assert "3 câu, sẽ nhập 1, để lại 2" in done.stdout


def test_it_writes_a_bank_into_a_file_and_reads_it_again(run, bank, tmp_path):
    matching = Draft("matching", "Nối", {"pairs": [{"left": "a", "right": "1"}, {"left": "b", "right": "2"}]})
    put(bank, Draft("true_false", "Đảng ra đời năm 1930.", {"answer": True}, code="cau-1"), matching)
    target = tmp_path / "out.txt"
    done = run("export", "--bank", "lich-su", "--format", "text", "--output", str(target))
    assert done.exit_code == 0, done.output
    assert "Đảng ra đời năm 1930." in target.read_text(encoding="utf-8")
    assert "Để lại 1 câu" in done.stderr
    whole = run("export", "--bank", "lich-su", "--format", "json")
    assert {draft.code for draft in FORMATS["json"].read(whole.stdout_bytes).drafts} == {"cau-1", "lich-su-0001"}


@pytest.mark.parametrize(("code", "key"), [("khong-co", "json"), ("lich-su", "wordperfect"), ("lich-su", "json")])
def test_it_refuses_to_export_what_is_not_there(run, code, key):
    done = run("export", "--bank", code, "--format", key)
    assert done.exit_code == 1
    assert done.stderr
