"""In the preview: filter, search, choose, mend as text or as fields, split, say the same of all; then apply and take back."""

from __future__ import annotations

from html.parser import HTMLParser

import pytest
import sqlalchemy as sa

from elearn.audit.models import AuditEntry
from elearn.core import clock
from elearn.core.db import db, transaction
from elearn.jobs.hooks import Cancelled
from elearn.questions import hooks
from elearn.questions.models import Category, Question, QuestionImport, QuestionImportRow, QuestionVersion
from elearn.questions.queries import current_versions
from elearn.questions.rules.exchange import Draft
from elearn.questions.rules.files import FORMATS
from elearn.questions.rules.staging import draft_in, kept_draft
from elearn.questions.services import add_version, importing
from elearn.questions.services.importing import applying
from tests.questions.imports.conftest import FAULTY, SOUND
from tests.questions.imports.test_uploading import text_of


def test_it_shows_each_doubt_at_its_line_beside_its_part(hands):
    hands.open(FAULTY)
    page = hands.page()
    assert "(dòng 9)" in page
    assert "Câu này chỉ có một phương án." in page
    assert "import-part import-fix" in page
    assert [row.choice for row in hands.rows()] == ["take", "skip", "skip"]


def test_it_counts_and_filters(hands):
    hands.open(FAULTY)
    assert 'id="row-1"' not in hands.page("?show=fix")
    assert 'id="row-2"' in hands.page("?show=fix")
    assert 'id="row-1"' in hands.page("?show=take")
    assert 'id="row-2"' not in hands.page("?show=take")
    assert 'id="row-3"' in hands.page("?show=all&q=cach mang thang tam")
    assert 'id="row-1"' not in hands.page("?show=all&q=cach mang thang tam")
    assert "Không có câu nào khớp" in hands.page("?show=all&q=khong co dau")
    assert hands.page("?show=nonsense&page=99")


def test_it_shows_25_a_page(hands):
    hands.open(text_of(60))
    assert hands.page("?show=all").count('class="import-row"') == 25
    assert hands.page("?show=all&page=3").count('class="import-row"') == 10


def test_it_takes_and_skips_one_and_all(hands):
    hands.open(FAULTY)
    answer = hands.post("/choose", place="1", choice="skip", show="all", page="1")
    assert answer.headers["Location"].endswith("#row-1")
    assert hands.rows()[0].choice == "skip"
    hands.post("/choose", choice="take", show="all")
    assert [row.choice for row in hands.rows()] == ["take", "skip", "skip"]
    assert "2 câu phải sửa trước" in hands.page()
    hands.post("/choose", choice="skip", show="all", q="dai hoi")
    assert hands.rows()[0].choice == "skip"
    assert hands.post("/choose", choice="burn", show="all").status_code == 400


def test_it_does_not_take_what_must_be_mended(hands):
    hands.open(FAULTY)
    hands.post("/choose", place="2", choice="take")
    assert hands.rows()[1].choice == "skip"
    assert hands.post("/choose", place="2", choice="confirm").status_code == 409
    hands.post("/apply")
    assert len(hands.questions()) == 1


SWALLOWED = "Câu 1: Đại hội II họp ở đâu? A. Pác Bó\nB. Vinh Quang\nC. Tân Trào\nĐáp án: B\n"


def test_it_lets_a_person_confirm_what_the_machine_doubts(hands):
    hands.open(SWALLOWED)
    row = hands.rows()[0]
    assert (row.worst, row.choice) == ("error", "skip")
    assert "Đã xem, lấy nguyên như trên" in hands.page()
    hands.post("/choose", place="1", choice="confirm")
    row = hands.rows()[0]
    assert (row.choice, row.is_mended) == ("take", True)
    assert row.worst != "error"


def test_it_is_mended_as_text_and_goes_on_to_the_next(hands):
    hands.open(FAULTY)
    page = hands.page("/rows/2")
    assert "Câu 1: Ai chủ trì hội nghị hợp nhất năm 1930?\nA. Trần Phú\nB. Nguyễn Ái Quốc</textarea>" in page
    answer = hands.post(
        "/rows/2", typed="Câu 1: Ai chủ trì?\nA. Trần Phú\nB. Nguyễn Ái Quốc\nĐáp án: B\nNguồn: Lịch sử Đảng", do="save"
    )
    assert answer.headers["Location"].endswith("/rows/3")
    row = hands.rows()[1]
    assert (row.worst, row.choice, row.is_mended, row.line) == ("", "take", True, 7)
    assert row.draft["source"] == "Lịch sử Đảng"
    answer = hands.post("/rows/3", typed="Câu 3: Năm nào?\nA. 1945\nB. 1946\nĐáp án: A", do="save")
    assert "show=all" in answer.headers["Location"]
    hands.post("/apply")
    assert len(hands.questions()) == 3


def test_it_keeps_what_was_typed_where_it_is_still_wrong(hands):
    hands.open(FAULTY)
    answer = hands.post("/rows/2", typed="Câu 2: Ai?\nA. Trần Phú\nB. <b>Hai</b>", do="save")
    assert answer.status_code == 400
    assert "B. &lt;b&gt;Hai&lt;/b&gt;</textarea>" in answer.text
    assert "vẫn phải sửa" in answer.text
    assert hands.rows()[1].choice == "skip"
    answer = hands.post("/rows/2", typed="", do="save")
    assert answer.status_code == 400
    assert "Không tìm thấy câu hỏi nào" in answer.text


def test_it_reads_again_without_keeping_anything(hands):
    hands.open(FAULTY)
    answer = hands.post("/rows/2/reading", typed="Câu 2: Ai?\nA. Một\nB. Hai\nĐáp án: B")
    assert answer.status_code == 200
    assert "import-right" in answer.text
    assert "<html" not in answer.text
    assert "chỉ có một phương án" in hands.post("/rows/2/reading", typed="Câu 2: Ai?\nA. Một\nĐáp án: A").text
    assert "Không tìm thấy câu hỏi nào" in hands.post("/rows/2/reading", typed="").text
    assert "lưu lại sẽ tách thành 2 câu" in hands.post("/rows/2/reading", typed=SOUND.split("Câu 3")[0]).text
    page = hands.post("/rows/2", typed="Câu 2: Ai?\nA. Một\nB. Hai\nĐáp án: B", do="look")
    assert page.status_code == 200
    assert hands.rows()[1].worst == "error"


def test_it_is_split_where_one_had_swallowed_another(hands):
    hands.open(FAULTY + "\nCâu 4: Cách mạng tháng Tám thành công vào năm nào?\nA. 1945\nB. 1946\nĐáp án: A\n")
    twin = next(one for one in hands.rows()[3].problems if one["origin"] == "twin") if hands.rows()[3].problems else None
    answer = hands.post("/rows/2", typed=SOUND.split("Câu 3")[0], do="save")
    assert answer.status_code == 302
    rows = hands.rows()
    assert [row.place for row in rows] == [1, 2, 3, 4, 5]
    assert [row.is_mended for row in rows] == [False, True, True, False, False]
    assert [row.choice for row in rows] == ["take", "take", "take", "skip", "take"]
    if twin:
        moved = next(one for one in rows[4].problems if one["origin"] == "twin")
        assert moved["values"]["place"] == twin["values"]["place"] + 1


OTHERS = [
    Draft("numeric", "Có bao nhiêu?", {"answers": [{"value": "3.14", "tolerance": "0.01"}]}),
    Draft("matching", "Nối", {"pairs": [{"left": "a", "right": "1"}, {"left": "b", "right": "2"}]}),
    Draft("ordering", "Xếp", {"items": ["một", "hai", "ba"]}),
    Draft("gap_fill", "Đảng ra đời năm {#1}", {"gaps": {"1": {"kind": "text", "answers": [{"text": "1930"}]}}}),
    Draft("calculated", "{a} + 1 = ?", {"answers": [{"formula": "{a}+1"}], "variants": [{"a": "1"}, {"a": "2"}]}),
    Draft("description", "Đọc đoạn sau.", {}),
    Draft(
        "true_false",
        {"text": "<p>Đúng chứ?</p>", "format": "html"},
        {"answer": True},
        explanation={"text": "a\n*b*", "format": "moodle"},
    ),
]


class Controls(HTMLParser):
    """What a browser would send of the editor's form."""

    def __init__(self, page):
        super().__init__()
        self.sent, self.area, self.select = {}, "", ""
        self.feed(page.split('id="editor"', 1)[1].split("</form>", 1)[0])

    def handle_starttag(self, tag, attributes):
        has = dict(attributes)
        if tag == "textarea":
            self.area = has["name"]
            self.sent[self.area] = ""
        elif tag == "select":
            self.select = has.get("name", "")
        elif tag == "option" and self.select and ("selected" in has or self.select not in self.sent):
            self.sent[self.select] = has["value"]
        elif tag == "input" and "name" in has and (has.get("type") not in ("checkbox", "radio", "file") or "checked" in has):
            self.sent[has["name"]] = has.get("value", "")

    def handle_data(self, data):
        if self.area:
            self.sent[self.area] += data.removeprefix("\n")

    def handle_endtag(self, tag):
        if tag == "textarea":
            self.area = ""


def controls(page):
    return Controls(page).sent


@pytest.mark.parametrize("draft", OTHERS, ids=lambda draft: draft.type)
def test_it_is_mended_in_the_form_of_the_editor(hands, draft):
    hands.open(FORMATS["json"].write([draft]), "cau.json")
    if draft.type != "true_false":
        assert hands.client.get(f"{hands.url}/{hands.import_id}/rows/1").headers["Location"].endswith("/rows/1/form")
    sent = controls(hands.page("/rows/1/form"))
    assert hands.post("/rows/1/form", **sent).status_code == 302
    before = draft_in(kept_draft(draft, {}))[0]
    again = draft_in(hands.rows()[0].draft)[0]
    assert (again.type, again.text, again.body) == (before.type, before.text, before.body)
    assert again.explanation == before.explanation
    answer = hands.post("/rows/1/form", **sent | {"topic": "Chủ đề", "level": "van_dung", "tags": "a, b", "default_mark": "0,5"})
    assert answer.status_code == 302
    kept = hands.rows()[0].draft
    assert (kept["topic"], kept["level"], kept["tags"], kept["default_mark"]) == ("Chủ đề", "van_dung", ["a", "b"], "0.5")
    assert hands.rows()[0].is_mended
    hands.post("/apply")
    assert len(hands.questions()) == 1


def test_it_keeps_what_stands_in_the_form_where_it_is_wrong(hands):
    hands.open(FORMATS["json"].write([OTHERS[1]]), "cau.json")
    sent = controls(hands.page("/rows/1/form"))
    answer = hands.post("/rows/1/form", **sent | {"text": "Nối lại", "default_mark": "nhiều", "pairs-0-right": ""})
    assert answer.status_code == 400
    assert "Nối lại</textarea>" in answer.text
    assert 'value="nhiều"' in answer.text
    assert hands.rows()[0].draft["text"] == "Nối"
    answer = hands.post("/rows/1/form", **sent | {"do": "add:pairs", "text": "Nối lại"})
    assert answer.status_code == 200
    assert "pairs-2-left" in answer.text
    assert "Nối lại</textarea>" in answer.text
    assert hands.post("/rows/1/form", **sent | {"do": "nonsense"}).status_code == 404
    assert "Xem trước" in hands.post("/rows/1/form", **sent | {"do": "preview"}).text


def test_it_offers_the_form_for_faulty_questions_too(hands):
    hands.open(FAULTY)
    page = hands.page("/rows/3/form")
    assert "chỉ có một phương án" in page
    sent = controls(page)
    assert hands.post("/rows/3/form", **sent).status_code == 400
    sent = controls(hands.post("/rows/3/form", **sent | {"do": "add:options"}).text)
    assert "options-1-text" in sent
    answer = hands.post("/rows/3/form", **sent | {"options-1-text": "1954"})
    assert answer.headers["Location"].endswith("/rows/2")
    row = hands.rows()[2]
    assert (row.worst, row.choice) == ("", "take")
    assert [option["text"] for option in row.draft["body"]["options"]] == ["1945", "1954"]


def test_it_says_the_same_of_all(hands):
    hands.open(FAULTY)
    answer = hands.post(
        "/all",
        show="all",
        category="Lịch sử/Đại hội",
        topic=" Đại hội ",
        level="nhan_biet",
        tags="a, b ,a",
        document="nq-57",
        clause="Điều 3",
    )
    assert answer.status_code == 302
    for row in hands.rows():
        told = {name: row.draft[name] for name in ("category", "topic", "level", "tags", "document", "clause")}
        assert told == {
            "category": "Lịch sử / Đại hội",
            "topic": "Đại hội",
            "level": "nhan_biet",
            "tags": ["a", "b"],
            "document": "nq-57",
            "clause": "Điều 3",
        }
    hands.post("/all", show="take", level="van_dung")
    assert [row.draft["level"] for row in hands.rows()] == ["van_dung", "nhan_biet", "nhan_biet"]
    hands.post("/apply")
    question = hands.questions()[0]
    version = current_versions([question])[question.id]
    assert (question.category.path, question.topic, question.level, version.document.key, version.clause) == (
        "Lịch sử / Đại hội",
        "Đại hội",
        "van_dung",
        "nq-57",
        "Điều 3",
    )
    assert [tag.tag for tag in question.tags] == ["a", "b"]


@pytest.mark.parametrize(
    ("said", "words"),
    [
        ({}, "ít nhất một ô"),
        ({"level": "kho"}, "Chưa có mức độ này"),
        ({"document": "x"}, "Không có tài liệu này"),
        ({"topic": "x" * 300}, "Dài quá 200"),
    ],
)
def test_it_refuses_to_say_nonsense_of_all(hands, said, words):
    hands.open(SOUND)
    hands.post("/all", show="all", **said)
    assert words in hands.page()
    assert all("topic" not in row.draft for row in hands.rows())


def test_it_applies_undoes_and_applies_again(hands, bank):
    hands.open(SOUND, "de.txt")
    assert "Nhập 3 câu" in hands.page("/apply")
    hands.post("/apply")
    assert hands.state() == "applied"
    codes = [one.code for one in hands.questions()]
    assert codes == ["lich-su-0001", "lich-su-0002", "lich-su-0003"]
    assert {one.author_id for one in hands.questions()} == {7}
    page = hands.page()
    assert "Đã nhập 3 câu vào ngân hàng" in page
    assert all(f"/admin/questions/lich-su/{code}" in page for code in codes)
    assert hands.post("/apply").status_code == 302
    assert len(hands.questions()) == 3
    assert "Hoàn tác lần nhập này?" in hands.page("/undo")
    hands.post("/undo")
    assert hands.state() == "undone"
    assert not hands.questions()
    assert not db.session.scalar(sa.select(QuestionVersion.id))
    assert "Không còn câu nào của lần nhập này" in hands.page()
    hands.post("/reopen")
    assert hands.state() == "preview"
    hands.post("/apply")
    assert len(hands.questions()) == 3
    deeds = db.session.scalars(sa.select(AuditEntry.action).order_by(AuditEntry.seq)).all()
    assert deeds == ["read_questions", "import_questions", "undo_question_import", "reopen_question_import", "import_questions"]


def test_it_keeps_what_somebody_has_worked_on(hands):
    hands.open(SOUND)
    hands.post("/apply")
    edited, read, free = hands.questions()
    with transaction() as session:
        add_version(session, session.get(Question, edited.id), Draft("true_false", "Đã sửa", {"answer": True}), 7, clock.now())
        session.get(Question, read.id).status = "reviewed"
    hands.post("/undo")
    assert {one.id for one in hands.questions()} == {edited.id, read.id}
    page = hands.page()
    assert "Đã có người sửa câu này sau khi nhập" in page
    assert "đã được thẩm định hoặc đưa vào dùng" in page
    assert "2 câu được giữ lại" in page
    hands.post("/reopen")
    hands.post("/apply")
    assert len(hands.questions()) == 3
    assert free.id not in {edited.id, read.id}


def test_it_keeps_what_a_paper_names(hands, monkeypatch):
    hands.open(SOUND)
    hands.post("/apply")
    used = hands.questions()[0]
    monkeypatch.setattr(hooks, "uses", [lambda ids: {used.id: [hooks.Use("Đề thi", "/quizzes/1")]}])
    hands.post("/undo")
    assert [one.id for one in hands.questions()] == [used.id]
    assert "đã nằm trong một đề hoặc bài làm" in hands.page()


def test_it_lets_other_files_forget_what_it_takes_back(hands):
    hands.open(SOUND)
    hands.post("/apply")
    first = hands.import_id
    hands.open(SOUND.replace("Ma Cao", "Macao"))
    assert any(row.double_of_id for row in hands.rows())
    hands.import_id = first
    hands.post("/undo")
    assert not hands.questions()
    assert not db.session.scalar(sa.select(QuestionImportRow.id).where(QuestionImportRow.double_of_id.is_not(None)))


def test_it_goes_on_where_it_was_stopped(hands, monkeypatch):
    monkeypatch.setattr(applying, "CHUNK", 20)
    hands.open(text_of(50))
    told = []

    def stop(step, done=0, total=0):
        told.append((done, total))
        if done >= 20:
            raise Cancelled

    with pytest.raises(Cancelled):
        importing.apply_import(hands.import_id, (7, "Yến"), clock.now, stop)
    assert told == [(0, 50), (20, 50)]
    assert hands.state() == "applying"
    assert len(hands.questions()) == 20
    page = hands.page()
    assert "Tiếp tục nhập" in page
    assert hands.post("/choose", place="30", choice="skip").status_code == 409
    importing.apply_import(hands.import_id, (7, "Yến"), clock.now)
    assert hands.state() == "applied"
    assert len(hands.questions()) == 50
    assert len({one.updated_at for one in hands.questions()}) == 1


def test_it_writes_all_or_nothing(hands, monkeypatch):
    hands.open(SOUND)
    monkeypatch.setattr(applying, "_finish", lambda *_: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        importing.apply_import(hands.import_id, (7, "Yến"), clock.now)
    assert hands.state() == "preview"
    assert not hands.questions()
    assert not db.session.scalar(sa.select(Category.id))


def test_it_gives_the_questions_to_mend_as_a_file(hands):
    hands.open(FAULTY)
    answer = hands.client.get(f"{hands.url}/{hands.import_id}/faulty.txt")
    assert "attachment" in answer.headers["Content-Disposition"]
    drafts = FORMATS["text"].read(answer.data).drafts
    assert [draft.text for draft in drafts] == [row.draft["text"] for row in hands.rows()[1:]]
    assert answer.text.startswith("Câu 2: ")


def test_it_applies_nothing_where_nothing_is_chosen(hands):
    hands.open(SOUND)
    hands.post("/choose", choice="skip", show="all")
    assert hands.post("/apply").status_code == 409
    assert hands.state() == "preview"


def test_it_is_given_up(hands):
    hands.open(SOUND)
    assert "Bỏ lần nhập này?" in hands.page("/drop")
    hands.post("/drop")
    assert hands.state() == "dropped"
    assert not hands.rows()
    assert "cau-hoi.txt" not in hands.client.get(hands.url).text
    assert db.session.scalar(sa.select(sa.func.count()).select_from(QuestionImport)) == 1


def test_it_is_not_given_up_while_it_stands_in_the_bank(hands):
    hands.open(SOUND)
    hands.post("/apply")
    assert hands.post("/drop").status_code == 409
    for tail, data in (("/choose", {"choice": "skip", "show": "all"}), ("/all", {"topic": "x"})):
        assert hands.post(tail, **data).status_code == 409
    for tail in ("/rows/1", "/rows/1/reading", "/rows/1/form"):
        assert hands.post(tail, typed="x", do="save").status_code == 404
    assert hands.post("/reopen").status_code == 409
