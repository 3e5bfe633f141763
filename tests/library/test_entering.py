"""Officers enter documents: drafts, files, publication, validity, volumes; who reads what; what is secret is refused."""

from __future__ import annotations

import io

import pytest
from sqlalchemy import func, select, update

from elearn.audit.models import AuditEntry
from elearn.core.db import transaction
from elearn.jobs.services import work_off
from elearn.library import queries
from elearn.library.models import Document, DocumentFile, DocumentLink, DocumentPart
from elearn.library.services import attach, detach, texts
from elearn.questions.models import QuestionVersion
from tests.counting import statements
from tests.library.files import pdf, word

UNITS = {"an_son": 1, "binh_minh": 2, "dong_hoa": 5}


@pytest.fixture
def enter(as_, session):
    """Enter a document as an officer; returns the answer and the document (None where there is none)."""

    def enter(officer="yen", files=(), path="/admin/documents/new", **values):
        told = {
            "shelf": "paper", "unit_id": UNITS["an_son"], "kind": "Kế hoạch", "number": "05-KH/TU", "title": "Học tập nghị quyết", "issued_on": "01/03/2026",
            "superseded_by_id": 0, "volume_id": 0, "place": 0, "text": "Nội dung kế hoạch.", "is_open": "y", **values,
        }  # fmt: skip
        data = {**told, "files": [(io.BytesIO(content), name) for name, content in files]}
        answer = as_(officer).post(path, data=data, content_type="multipart/form-data")
        session.rollback()
        return answer, session.scalar(select(Document).order_by(Document.id.desc()).limit(1))

    return enter


def publish(as_, document, officer="yen"):
    return as_(officer).post(f"/admin/documents/{document.id}/publish", follow_redirects=True)


def test_it_shows_a_document_to_learners_once_it_is_published(enter, as_):
    answer, document = enter()
    assert answer.status_code == 302
    assert document.key == "ke-hoach-05-kh-tu-2026"
    assert as_("hanh").get(f"/documents/{document.key}").status_code == 404
    assert "Bản nháp" in as_("yen").get(f"/documents/{document.key}").get_data(as_text=True)
    assert "Đã công bố" in publish(as_, document).get_data(as_text=True)
    page = as_("hanh").get(f"/documents/{document.key}").get_data(as_text=True)
    assert "Nội dung kế hoạch." in page
    assert "Học tập nghị quyết" in as_("hanh").get("/documents").get_data(as_text=True)
    as_("yen").post(f"/admin/documents/{document.id}/withdraw")
    assert as_("hanh").get(f"/documents/{document.key}").status_code == 404


def test_it_keeps_a_branch_apart(enter, as_):
    _, document = enter("dung", unit_id=UNITS["binh_minh"])
    publish(as_, document, "dung")
    assert as_("hanh").get(f"/documents/{document.key}").status_code == 200
    assert as_("lan").get(f"/documents/{document.key}").status_code == 404, "another commune"
    assert "Học tập nghị quyết" not in as_("lan").get("/documents?q=hoc tap nghi quyet").get_data(as_text=True)
    assert as_("thuan").get(f"/admin/documents/{document.id}").status_code == 404, "an officer of another commune"
    assert as_("thuan").post(f"/admin/documents/{document.id}/withdraw").status_code == 404
    assert as_("yen").get(f"/admin/documents/{document.id}").status_code == 200, "the officer above"
    assert as_("quang").get("/admin/documents").status_code == 403


def test_it_takes_no_document_for_a_unit_of_others(enter):
    answer, document = enter("thuan", unit_id=UNITS["binh_minh"])
    assert answer.status_code == 400
    assert document is None


def test_it_finds_words_inside_typed_text_word_and_pdf(enter, as_):
    for title, text, files in (
        ("Bản gõ", "# Mục một\nChi bộ đọc báo Đảng hằng ngày.", []),
        ("Bản Word", "", [("ke-hoach.docx", word("Tổ chức hội nghị trực tuyến ở xã.", heading="Nội dung chính"))]),
        ("Bản PDF", "", [("so-tay.pdf", pdf("Trang đầu tiên", "Khởi nghĩa ở làng Thượng năm ấy"))]),
    ):
        _, document = enter(title=title, number="", text=text, files=files)
        publish(as_, document)
    learner = as_("hanh")
    for asked, title, label, hit in (
        ("doc bao dang", "Bản gõ", "Mục một", "Đảng"),
        ("HOI NGHI truc tuyen", "Bản Word", "Nội dung chính", "trực"),
        ("khoi nghia lang thuong", "Bản PDF", "Trang 2", "nghĩa"),
        ("ban word hoi nghi", "Bản Word", "Nội dung chính", "nghị"),
    ):
        page = learner.get("/documents", query_string={"q": asked}).get_data(as_text=True)
        assert title in page, asked
        assert label in page, asked
        assert f"<mark>{hit}</mark>" in page, asked
        assert "1 tài liệu" in page, asked
    assert "Không có văn bản nào khớp" in learner.get("/documents?q=khong he co").get_data(as_text=True)
    assert learner.get("/documents/ban-pdf-2026/parts/2").headers["Location"].endswith("/documents/ban-pdf-2026#p2")


def test_it_gives_the_original_back(enter, as_):
    content = word("Nguyên văn")
    _, document = enter(files=[("Kế hoạch.docx", content)])
    publish(as_, document)
    page = as_("hanh").get(f"/documents/{document.key}").get_data(as_text=True)
    assert "Kế hoạch.docx" in page
    file_id = queries.list_files(document.id)[0].id
    answer = as_("hanh").get(f"/documents/{document.key}/files/{file_id}")
    assert answer.data == content
    assert answer.headers["Content-Disposition"].startswith("attachment")
    as_("yen").post(f"/admin/documents/{document.id}/files/{file_id}/remove")
    assert as_("hanh").get(f"/documents/{document.key}/files/{file_id}").status_code == 404
    assert "Nguyên văn" not in as_("hanh").get("/documents?q=nguyen van").get_data(as_text=True)


@pytest.mark.parametrize("secret", [
    {"files": [("cv.docx", word("TỈNH UỶ AN SƠN", "MẬT", "Kế hoạch"))]},
    {"files": [("tot.docx", word("Kế hoạch")), ("cv.docx", word("Kế hoạch", header="TỐI MẬT"))]},
    {"files": [("cv.pdf", pdf("TUYỆT MẬT\n\nKế hoạch"))]},
    {"number": "12-CV/TU-M"},
    {"text": "Mật\n\nNội dung"},
])  # fmt: skip
def test_it_refuses_what_is_marked_secret_and_keeps_nothing(enter, app, session, secret):
    blobs = app.config["ELEARN"].data_path / "blobs"
    before = set(blobs.rglob("*"))
    answer, document = enter(**secret)
    assert answer.status_code == 400
    assert "không nhận tài liệu mật" in answer.get_data(as_text=True)
    assert document is None
    assert not session.scalar(select(func.count()).select_from(DocumentFile))
    assert set(blobs.rglob("*")) == before
    assert session.scalars(select(AuditEntry.action)).all() == ["refuse_secret"]


@pytest.mark.parametrize(("wrong", "words"), [
    ({"files": [("a.pdf", b"khong phai pdf")]}, "không phải Word (.docx) hay PDF"),
    ({"files": [("a.pdf", word("x"))]}, "không đúng với nội dung"),
    ({"files": [("a.pdf", b"%PDF-1.7 hong")]}, "Không đọc được chữ"),
    ({"is_open": ""}, "Hãy xác nhận tài liệu không phải tài liệu mật"),
    ({"valid_to": "01/01/2020"}, "sau ngày ban hành"),
    ({"shelf": "chapter"}, "Hãy chọn tập sách"),
    ({"title": ""}, "Hãy điền ô này"),
    ({"issued_on": "32/13/2026"}, "Ngày không đúng"),
])  # fmt: skip
def test_it_says_what_is_wrong_and_loses_nothing_typed(enter, wrong, words):
    answer, document = enter(**wrong)
    page = answer.get_data(as_text=True)
    assert answer.status_code == 400
    assert words in page
    assert "Nội dung kế hoạch." in page
    assert document is None


def test_it_reads_a_long_file_in_the_background(enter, as_, session, monkeypatch):
    monkeypatch.setattr(texts, "PAGES_AT_ONCE", 1)
    _, document = enter(text="Gõ trước", files=[("dai.pdf", pdf("Một", "Hai")), ("ngan.docx", word("Ba"))])
    assert [file.read_state for file in queries.list_files(document.id)] == ["waiting", "read"]
    work_off()
    session.rollback()
    assert [file.read_state for file in queries.list_files(document.id)] == ["read", "read"]
    rows = session.execute(
        select(DocumentPart.place, DocumentPart.text).where(DocumentPart.place > 0).order_by(DocumentPart.place)
    ).all()
    assert [tuple(row) for row in rows] == [(1, "Gõ trước"), (2, "Một"), (3, "Hai"), (4, "Ba")]


def test_it_changes_text_without_losing_files(enter, session):
    _, document = enter(files=[("a.docx", word("Trong tệp"))])
    enter(path=f"/admin/documents/{document.id}/edit", text="# Một\nx\n# Hai\ny", title="Tên khác")
    rows = session.execute(
        select(DocumentPart.place, DocumentPart.text, DocumentPart.search_key).order_by(DocumentPart.place)
    ).all()
    assert [(place, text) for place, text, _ in rows] == [(0, ""), (1, "x"), (2, "y"), (3, "Trong tệp")]
    assert all("ten khac" in key for _, _, key in rows)


def test_it_says_what_replaced_a_document_and_refuses_a_circle(enter, as_):
    _, old = enter(number="01-KH/TU")
    _, new = enter(number="02-KH/TU")
    for document in (old, new):
        publish(as_, document)
    enter(path=f"/admin/documents/{old.id}/edit", number="01-KH/TU", superseded_by_id=new.id)
    assert "Văn bản này đã được thay thế" in as_("hanh").get(f"/documents/{old.key}").get_data(as_text=True)
    assert "Văn bản này thay thế" in as_("hanh").get(f"/documents/{new.key}").get_data(as_text=True)
    answer, _ = enter(path=f"/admin/documents/{new.id}/edit", number="02-KH/TU", superseded_by_id=old.id)
    assert answer.status_code == 400


def test_it_publishes_nothing_that_is_empty_and_removes_only_drafts(enter, as_, session):
    _, document = enter(text="")
    assert "chưa có nội dung" in publish(as_, document).get_data(as_text=True)
    assert "mất hẳn" in as_("yen").get(f"/admin/documents/{document.id}/remove").get_data(as_text=True)
    as_("yen").post(f"/admin/documents/{document.id}/remove")
    assert not session.scalar(select(func.count()).select_from(Document))
    _, document = enter()
    publish(as_, document)
    page = as_("yen").post(f"/admin/documents/{document.id}/remove", follow_redirects=True).get_data(as_text=True)
    assert "không xoá được" in page


def test_it_orders_chapters_of_a_volume(enter, as_):
    answer = as_("yen").post("/admin/documents/volumes/new", data={"title": "Lịch sử Đảng bộ", "unit_id": 1, "summary": "Tập I"})
    volume_id = int(answer.headers["Location"].rsplit("/", 1)[1])
    for place, title in ((2, "Chương hai"), (1, "Chương một")):
        _, document = enter(shelf="chapter", volume_id=volume_id, place=place, title=title, number="", kind="Sách")
        publish(as_, document)
    page = as_("hanh").get(f"/documents/volumes/{volume_id}").get_data(as_text=True)
    assert page.index("Chương một") < page.index("Chương hai")
    page = as_("hanh").get("/documents/chuong-mot-2026").get_data(as_text=True)
    assert "Phần sau: Chương hai" in page
    assert "Phần trước:" not in page
    assert "Lịch sử Đảng bộ" in as_("hanh").get("/documents?shelf=chapter").get_data(as_text=True)
    assert as_("thuan").get(f"/admin/documents/volumes/{volume_id}").status_code == 404


def test_it_attaches_a_document_to_a_course(enter, as_, session, people):
    from elearn.core import clock
    from tests.campaigns.conftest import make_course

    course_id = make_course()
    _, document = enter()
    document_id = document.id
    publish(as_, document)
    officer, learner = as_("yen"), as_("hanh")
    assert f'value="course:{course_id}"' in officer.get(f"/admin/documents/{document_id}").get_data(as_text=True)
    officer.post(f"/admin/documents/{document_id}/attach", data={"place": f"course:{course_id}"})
    officer.post(f"/admin/documents/{document_id}/attach", data={"place": "course:999999"})
    page = officer.get(f"/admin/documents/{document_id}").get_data(as_text=True)
    assert "Khoá học: Nghị quyết Đại hội XIV" in page
    assert "Tài liệu kèm theo" in learner.get("/courses/nq-xiv").get_data(as_text=True)
    as_("yen").post(f"/admin/documents/{document_id}/withdraw")
    assert "Tài liệu kèm theo" not in learner.get("/courses/nq-xiv").get_data(as_text=True), "no longer published"
    assert "không xoá được" in officer.post(f"/admin/documents/{document_id}/remove", follow_redirects=True).get_data(as_text=True)
    link_id = session.scalar(select(DocumentLink.id))
    officer.post(f"/admin/documents/{document_id}/detach", data={"link": link_id})
    with transaction() as writing:
        assert attach(writing, document_id, "campaign", 3, people.yen.member_id, clock.now())
        assert not attach(writing, document_id, "campaign", 3, people.yen.member_id, clock.now())
        assert detach(writing, document_id, "campaign", 3)
        assert not detach(writing, document_id, "campaign", 3)
    officer.post(f"/admin/documents/{document_id}/remove")
    assert not session.scalar(select(func.count()).select_from(Document))


def test_it_says_where_a_document_is_used_and_does_not_remove_it_then(enter, as_, session):
    from elearn.core import clock
    from elearn.questions.services import BankSpec, QuestionSpec, put_bank, put_question

    _, document = enter()
    key = document.key
    with transaction() as writing:
        bank = put_bank(writing, BankSpec("b", "Ngân hàng", "Bank", 1))
        body = {"options": [{"text": "Đúng", "right": True}, {"text": "Sai"}]}
        question = put_question(
            writing, bank.id, QuestionSpec("q1", "single_choice", "t", "nhan_biet", "Câu hỏi?", body, "", None), clock.now()
        )
        writing.execute(update(QuestionVersion).values(document_id=document.id))
    assert question
    page = as_("yen").get(f"/admin/documents/{document.id}").get_data(as_text=True)
    assert "1 câu hỏi dẫn tài liệu này" in page
    assert "không xoá được" in as_("yen").post(f"/admin/documents/{document.id}/remove", follow_redirects=True).get_data(
        as_text=True
    )
    assert as_("yen").get(f"/documents/{key}").status_code == 200


def test_it_costs_the_same_however_much_is_found(enter, as_, session):
    counts = []
    for number in range(3):
        _, document = enter(number=f"{number}-KH/TU", text="# Một\nhọc tập\n# Hai\nhọc tập")
        publish(as_, document)
        learner = as_("hanh")
        learner.get("/documents?q=hoc tap")
        with statements() as sent:
            learner.get("/documents?q=hoc tap")
        counts.append(len(sent))
    assert counts[0] == counts[2]
