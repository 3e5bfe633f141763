"""Files are taken in: recognised, read, refused with reason and line, kept for a worker where they are long."""

from __future__ import annotations

import io
import re
import zipfile

import pytest
import sqlalchemy as sa

from elearn.audit.models import AuditEntry
from elearn.core import clock
from elearn.core.db import db, transaction
from elearn.jobs.models import Job
from elearn.jobs.services import ask_to_cancel, work_off
from elearn.questions.models import Bank, Medium, Question, QuestionImport, QuestionImportRow
from elearn.questions.rules.exchange import Draft
from elearn.questions.rules.files import FORMATS
from tests.questions.imports.conftest import FAULTY, SOUND, Hands, put
from tests.questions.test_media import picture


def with_questions():
    """Examples of every format that hold at least one question."""
    for form in FORMATS:
        for place, example in enumerate(form.examples):
            if b'"questions": []' not in example:
                yield pytest.param(form, example, id=f"{form.key}-{place}")


def text_of(count: int, word: str = "năm") -> str:
    return "\n\n".join(
        f"Câu {n}: Sự kiện thứ {n} xảy ra vào {word} nào?\nA. {1900 + n}\nB. {1000 + n}\nĐáp án: A" for n in range(1, count + 1)
    )


@pytest.mark.parametrize(("form", "example"), list(with_questions()))
def test_it_takes_every_format_from_file_to_bank(hands, form, example):
    hands.open(example, f"cau-hoi{form.suffixes[0]}")
    rows = hands.rows()
    assert rows
    assert db.session.get(QuestionImport, hands.import_id).format == form.key
    assert form.name in hands.page("?show=all")
    hands.post("/apply")
    taken = [row for row in rows if row.choice == "take"]
    assert taken
    assert len(hands.questions()) == len(taken)
    assert {one.status for one in hands.questions()} == {"draft"}
    hands.post("/undo")
    assert not hands.questions()


def test_it_gives_samples_that_it_can_read(hands):
    for key in ("xlsx", "docx", "text"):
        answer = hands.client.get(f"{hands.url}/samples/{key}")
        assert answer.status_code == 200
        assert "attachment" in answer.headers["Content-Disposition"]
        assert FORMATS[key].read(answer.data).drafts
    assert hands.client.get(f"{hands.url}/samples/wordperfect").status_code == 404


def test_it_lists_formats_and_former_imports(hands):
    hands.open(SOUND, "de-thi-1.txt")
    page = hands.client.get(hands.url).text
    assert "de-thi-1.txt" in page
    assert "Chờ nhập" in page
    assert all(form.name in page for form in FORMATS)


def test_it_takes_pasted_text(hands):
    answer = hands.client.post(hands.url, data={"text": SOUND})
    assert answer.status_code == 302
    hands.import_id = answer.headers["Location"].rsplit("/", 1)[1]
    assert [row.worst for row in hands.rows()] == ["", "", ""]
    assert "Văn bản dán vào" in hands.page()


def test_it_can_be_told_the_format(hands):
    assert hands.open("Hai cộng hai? {=bốn ~ba}", "cau-hoi.txt", "gift").rows()[0].draft["type"] == "single_choice"
    assert hands.send("Hai cộng hai? {=bốn ~ba}", "cau-hoi.txt", "text").status_code == 400


@pytest.mark.parametrize(
    ("data", "name", "key", "words"),
    [
        (b"", "trong.txt", "", "không có nội dung"),
        (b"\x00\x01\x02" * 99, "la.bin", "", "Không nhận ra định dạng"),
        (b"PK\x03\x04 broken", "hong.docx", "docx", ""),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), "cu.doc", "docx", ""),
        (b'<?xml version="1.0"?><quiz><question type="multichoice"><name>', "hong.xml", "", "Dòng 1"),
        (b'{"questions": [{"type": "single_choice"', "hong.json", "", ""),
        (b"Q1 {\n=a\n~b\n\nQ2 ~ }", "hong.gift", "", "òng"),
        (b"%PDF-1.7", "de.pdf", "", "Không nhận ra định dạng"),
        (SOUND.encode(), "a.txt", "wordperfect", "Chưa có định dạng"),
    ],
)  # fmt: skip
def test_it_refuses_a_broken_file_with_its_reason(hands, data, name, key, words):
    answer = hands.send(data, name, key)
    assert answer.status_code == 400
    assert "Ngân hàng không thay đổi" in answer.text
    assert words in answer.text
    for model in (QuestionImport, QuestionImportRow, Question):
        assert db.session.scalar(sa.select(sa.func.count()).select_from(model)) == 0


def test_it_refuses_nothing_at_all(hands):
    answer = hands.client.post(hands.url, data={})
    assert answer.status_code == 400
    assert "Hãy chọn một tệp hoặc dán văn bản" in answer.text


def test_it_keeps_what_was_pasted_where_it_refuses(hands):
    answer = hands.client.post(hands.url, data={"text": "Bảng đáp án\n1. A 2. B <i>", "format": "aiken"})
    assert answer.status_code == 400
    assert "1. A 2. B &lt;i&gt;</textarea>" in answer.text
    assert '<option value="aiken" selected>' in answer.text


def bomb(entries):
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, size in entries:
            archive.writestr(name, bytes(size))
    return target.getvalue()


BILLION = (
    '<?xml version="1.0"?><!DOCTYPE q [<!ENTITY a "aaaaaaaaaa">'
    + "".join(f'<!ENTITY {b} "{"".join(f"&{a};" for _ in range(10))}">' for a, b in zip("abcdefgh", "bcdefghi", strict=True))
    + "]><quiz><question type='essay'><name><text>&i;</text></name></question></quiz>"
)
OUTSIDE = '<?xml version="1.0"?><!DOCTYPE q [<!ENTITY x SYSTEM "file:///etc/passwd">]><quiz><question type="essay"><name><text>&x;</text></name><questiontext><text>&x;</text></questiontext></question></quiz>'


@pytest.mark.parametrize(
    ("data", "name"),
    [
        (bomb([("word/document.xml", 80_000_000), ("[Content_Types].xml", 10)]), "bom.docx"),
        (bomb([("xl/workbook.xml", 80_000_000), ("[Content_Types].xml", 10)]), "bom.xlsx"),
        (bomb([("imsmanifest.xml", 80_000_000)]), "bom.zip"),
        (bomb([("../../etc/cron.d/x", 10)]), "duong-dan.zip"),
        (BILLION.encode(), "ty.xml"),
        (OUTSIDE.encode(), "ngoai.xml"),
        (b'{"questions": ' + b"[" * 100_000, "sau.json"),
        (b"<quiz>" + b"<a>" * 20_000, "sau.xml"),
    ],
)
def test_it_refuses_hostile_files(app, hands, data, name):
    answer = hands.send(data, name)
    if hands.import_id == "" and answer.status_code == 302:  # long enough for the background
        work_off()
        one = db.session.scalar(sa.select(QuestionImport))
        assert one.state == "failed"
    else:
        assert answer.status_code == 400
    assert "root:" not in answer.text
    assert not db.session.scalar(sa.select(QuestionImportRow.id))


def test_it_shows_hostile_words_harmlessly(hands):
    nasty = "<script>alert(1)</script><img src=x onerror\\=alert(1)>"
    answers = "{\\=[html]<svg onload\\=alert(1)>có</svg> ~không %(x)s \\{\\{7*7\\}\\}}".replace("{\\=[", "{=[", 1)
    hands.open(f"[html]::{nasty}:: {nasty} đúng chứ? {answers}", "xau.gift")
    for page in (hands.page("?show=all"), hands.page("/rows/1"), hands.page("/rows/1/form")):
        body = page.split("<main", 1)[1]
        assert "đúng chứ?" in body
        assert not re.search(r"<script|<svg onload|<img[^>]*onerror", body)
        assert "49" not in re.sub(r"<input[^>]*>", "", body)


def test_it_keeps_pictures_at_once_and_names_those_that_it_cannot(hands):
    drafts = [
        Draft("true_false", "Hình này là bản đồ: ![bản đồ](@@PLUGINFILE@@/a.png)", {"answer": True}, files={"a.png": picture()}),
        Draft("true_false", "Tệp này là tiếng: ![x](@@PLUGINFILE@@/b.svg)", {"answer": True}, files={"b.svg": b"<svg></svg>"}),
    ]
    hands.open(FORMATS["moodle_xml"].write(drafts), "hinh.xml")
    first, second = hands.rows()
    assert list(first.draft["files"]) == ["a.png"]
    assert db.session.get(Medium, first.draft["files"]["a.png"])
    assert not first.problems
    assert second.problems[0]["values"]["name"] == "b.svg"
    assert (second.worst, second.choice) == ("warning", "take")
    page = hands.page("?show=all")
    assert f'src="/media/{first.draft["files"]["a.png"]}"' in page
    assert "Hình SVG có thể chứa mã" in page
    hands.post("/apply")
    assert len(hands.questions()) == 2


def test_it_finds_doubles_in_the_bank_and_in_the_file(hands, bank):
    put(
        bank,
        Draft(
            "single_choice",
            "Đại hội I của Đảng họp ở đâu?",
            {"options": [{"text": "Hương Cảng"}, {"text": "Ma Cao", "right": True}, {"text": "Hà Nội"}]},
            code="cu-1",
        ),
    )
    near = (
        SOUND.replace("Đáp án: B\n\nCâu 2", "Đáp án: A\n\nCâu 2")
        .replace("Câu 3: Cách mạng tháng Tám thành công năm nào?", "Câu 3: Ai chủ trì hội nghị hợp nhất vào năm 1930?")
        .replace("1941", "Trần Phú")
        .replace("1945", "Nguyễn Ái Quốc")
        .replace("C. 1954\n", "")
    )
    hands.open(near)
    first, second, third = hands.rows()
    assert (first.similarity, first.choice, first.worst) == (1000, "take", "warning")  # the same words with another key
    assert not second.problems
    assert third.problems[0]["origin"] == "twin"
    assert third.problems[0]["values"]["place"] == 2
    page = hands.page("?show=double")
    assert "So với câu cu-1" in page
    assert "Giống câu cu-1 trong ngân hàng, mức 100%." in page
    hands.open(SOUND)
    first = hands.rows()[0]
    assert (first.choice, first.double_of_id is not None) == ("skip", True)
    assert "đã có đúng nội dung này" in hands.page("?show=all")
    hands.post("/choose", place="1", choice="take")
    hands.post("/apply")
    assert len(hands.questions()) == 3


def test_it_reads_a_long_file_in_the_background(app, hands):
    answer = hands.send(text_of(2000))
    assert "/jobs/" in answer.headers["Location"]
    one = db.session.scalar(sa.select(QuestionImport))
    hands.import_id, kept = one.id, app.config["ELEARN"].data_path / "question-imports" / one.id
    assert one.state == "reading"
    assert kept.exists()
    assert "Tệp chưa đọc xong" in hands.page()
    assert hands.post("/apply").headers["Location"].endswith(one.id)
    work_off()
    assert hands.state() == "preview"
    assert not kept.exists()
    assert len(hands.rows()) == 2000
    assert "/jobs/" in hands.post("/apply").headers["Location"]
    work_off()
    assert hands.state() == "applied"
    assert len(hands.questions()) == 2000
    assert len({one.updated_at for one in hands.questions()}) == 1
    assert "/jobs/" in hands.post("/undo").headers["Location"]
    work_off()
    assert hands.state() == "undone"
    assert not hands.questions()
    deeds = db.session.scalars(sa.select(AuditEntry.action).order_by(AuditEntry.seq)).all()
    assert deeds == ["read_questions", "import_questions", "undo_question_import"]


def test_it_says_of_a_long_file_that_cannot_be_read_why(app, hands):
    hands.send(b"<quiz>" + b"<question>\n" * 20_000, "hong.xml")
    hands.import_id = db.session.scalar(sa.select(QuestionImport.id))
    work_off()
    assert db.session.scalar(sa.select(Job.state)) == "done"
    assert hands.state() == "failed"
    assert "Không đọc được câu hỏi nào trong tệp" in hands.page()
    hands.post("/drop")
    assert hands.state() == "dropped"


def test_it_says_that_the_file_is_gone(app, hands):
    hands.send(text_of(2000))
    hands.import_id = db.session.scalar(sa.select(QuestionImport.id))
    (app.config["ELEARN"].data_path / "question-imports" / hands.import_id).unlink()
    work_off()
    assert hands.state() == "failed"
    assert "không còn giữ tệp này" in hands.page()


def test_it_is_not_read_once_it_was_given_up(app, hands):
    hands.send(text_of(2000))
    hands.import_id = db.session.scalar(sa.select(QuestionImport.id))
    hands.post("/drop")
    work_off()
    assert db.session.scalar(sa.select(Job.state)) == "failed"
    assert hands.state() == "dropped"
    assert not hands.rows()


def test_it_can_be_stopped_and_read_again(app, hands):
    hands.send(text_of(2000))
    hands.import_id = db.session.scalar(sa.select(QuestionImport.id))
    ask_to_cancel(db.session.scalar(sa.select(Job.id)), clock.now())
    work_off()
    assert hands.state() == "reading"
    assert "/jobs/" in hands.post("/reopen").headers["Location"]
    work_off()
    assert hands.state() == "preview"


@pytest.mark.parametrize(
    ("name", "status"), [("yen", 200), ("kien", 200), ("phuoc", 403), ("thanh", 403), ("hanh", 403), ("dung", 403), ("thuan", 403)]
)
def test_it_lets_only_editors_of_the_unit_in(hands, as_, name, status):
    hands.open(FAULTY)
    other = Hands(as_(name))
    tails = ("", f"/{hands.import_id}", f"/{hands.import_id}/rows/2", f"/{hands.import_id}/apply", "/samples/text")
    assert {other.client.get(other.url + tail).status_code for tail in tails} == {status}
    if status != 200:
        posts = ("choose", "all", "apply", "undo", "drop", "reopen", "rows/2", "rows/2/reading")
        assert {other.client.post(f"{other.url}/{hands.import_id}/{tail}", data={"typed": "x"}).status_code for tail in posts} == {
            403
        }
        assert other.send(SOUND).status_code == 403
        assert hands.state() == "preview"


def test_it_hides_banks_and_imports_of_others(app, hands, as_, session):
    with transaction() as writing:
        writing.add(Bank(code="khac", title="Khác", unit_id=5))
        writing.add(Bank(code="tu-tep", title="Từ tệp", unit_id=1, is_from_files=True))
    hands.open(SOUND)
    assert hands.client.get(f"/admin/questions/khac/imports/{hands.import_id}").status_code == 404
    assert hands.client.get("/admin/questions/lich-su/imports/khong-co").status_code == 404
    assert hands.client.get("/admin/questions/khong-co/imports").status_code == 404
    assert hands.client.get("/admin/questions/tu-tep/imports").status_code == 404
    assert hands.client.get(f"{hands.url}/{hands.import_id}/rows/99").status_code == 404
