"""The editor over HTTP: every type is written and edited, nothing typed is lost, what an edit touches is said before."""

from __future__ import annotations

import io
import re
from html import unescape

import pytest
import sqlalchemy as sa

from elearn.core import clock
from elearn.core.db import db, transaction
from elearn.questions import hooks
from elearn.questions.forms.sheets import sheet_of
from elearn.questions.hooks import Use
from elearn.questions.models import Medium, Question
from elearn.questions.queries import TYPES, current_versions
from elearn.questions.rules.exchange import Draft
from elearn.questions.services.changing import change_status
from tests.questions.banked import OPTIONS, PHUOC, YEN, draft, make_bank, make_documents, put, question
from tests.questions.test_media import picture

KINDS = [kind.key for kind in TYPES]


def example(key: str) -> Draft:
    one = next(one for one in TYPES[key].examples if one.text or key not in ("gap_fill", "calculated"))
    return Draft(key, one.text or f"Câu thử loại {key}", dict(one.body), explanation="Vì", source="Báo")


def form_of(one: Draft) -> dict[str, str]:
    return dict(sheet_of(one, {}).controls)


@pytest.fixture
def bank(app):
    make_documents()
    return make_bank()


@pytest.mark.parametrize("key", KINDS)
def test_it_writes_and_edits_every_type(bank, as_, key):
    client, one = as_("yen"), example(key)
    assert client.get(f"/admin/questions/mot/new/{key}").status_code == 200
    made = client.post(f"/admin/questions/mot/new/{key}", data={**form_of(one), "do": "save"})
    assert made.headers["Location"].endswith("/mot/mot-0001"), unescape(made.get_data(as_text=True))
    found = question("mot-0001")
    assert (found.type, found.status, found.author_id) == (key, "draft", YEN)
    assert current_versions([found])[found.id].body == one.body or key == "gap_fill"
    assert client.get("/admin/questions/mot/mot-0001").status_code == 200
    page = client.get("/admin/questions/mot/mot-0001/edit").get_data(as_text=True)
    sent = dict(re.findall(r'name="(seen)" value="([^"]+)"', page))
    same = client.post("/admin/questions/mot/mot-0001/edit", data={**form_of(one), **sent, "do": "save"})
    assert same.status_code == 302
    assert question("mot-0001").version_number == 1
    changed = client.post("/admin/questions/mot/mot-0001/edit", data={**form_of(one), **sent, "name": "Tên mới", "do": "save"})
    assert changed.status_code == 302
    assert question("mot-0001").version_number == 2
    assert "Tên ngắn" in client.get("/admin/questions/mot/mot-0001/versions").get_data(as_text=True)


def test_it_opens_every_type_from_the_list_of_types(bank, as_):
    page = as_("yen").get("/admin/questions/mot/new").get_data(as_text=True)
    assert all(f"/admin/questions/mot/new/{key}" in page for key in KINDS)
    assert as_("yen").get("/admin/questions/mot/new/khac").status_code == 404


FORM = {
    "text": "Họp ở <đâu>?", "options-0-text": "Ma Cao", "options-0-right": "1", "options-1-text": "Huế", "options-5-text": "Vinh", "explanation": "Vì & bởi",
    "topic": "Đại hội", "level": "nhan_biet", "category": "Sử / Mới", "tags": "x, y", "as_of": "1/2/2026", "document": "57-NQ/TW", "clause": "Điều 3",
}  # fmt: skip


def test_it_keeps_everything_that_is_said(bank, as_):
    as_("yen").post("/admin/questions/mot/new/single_choice", data={**FORM, "do": "save"})
    found = question("mot-0001")
    version = current_versions([found])[found.id]
    assert [option["text"] for option in version.body["options"]] == ["Ma Cao", "Huế", "Vinh"]
    assert (found.topic, found.level, found.category.path, [tag.tag for tag in found.tags]) == (
        "Đại hội",
        "nhan_biet",
        "Sử / Mới",
        ["x", "y"],
    )
    assert (version.document.key, version.clause, str(version.as_of)) == ("nq-57", "Điều 3", "2026-02-01")


@pytest.mark.parametrize(
    ("change", "place", "words"),
    [
        ({"text": " "}, "text", "Hãy viết câu dẫn."), ({"options-0-right": ""}, "options", "đúng một"), ({"as_of": "31/2/2026"}, "as_of", "Ngày không đúng"),
        ({"default_mark": "x"}, "default_mark", "một số"), ({"document": "khong co gi"}, "document", "Không có văn bản này"),
        ({"document": "Nghị quyết"}, "document", "Có nhiều văn bản khớp"), ({"topic": "x" * 201}, "topic", "Dài quá"), ({"options-1-fraction": "nửa"}, "options-1-fraction", "một số"),
    ],
)  # fmt: skip
def test_it_says_at_the_field_what_is_wrong_and_loses_nothing(bank, as_, change, place, words):
    answer = as_("yen").post("/admin/questions/mot/new/single_choice", data={**FORM, **change, "do": "save"})
    page = unescape(answer.get_data(as_text=True))
    assert answer.status_code == 400
    assert f'href="#{place}"' in page
    assert words in page
    for name, value in {**FORM, **change}.items():
        if value.strip() and name not in ("options-0-right",):
            assert value in page, name
    assert not db.session.scalars(sa.select(Question)).all()


def rows(page: str) -> list[str]:
    return re.findall(r'<textarea class="input" id="options-\d+-text"[^>]*>\s([^<]*)</textarea>', page)


def test_it_adds_and_takes_away_rows_without_a_script(bank, as_):
    client = as_("yen")
    address = "/admin/questions/mot/new/single_choice"
    assert rows(client.post(address, data={**FORM, "do": "add:options"}).get_data(as_text=True)) == ["Ma Cao", "Huế", "Vinh", ""]
    assert rows(client.post(address, data={**FORM, "do": "remove:options:1"}).get_data(as_text=True)) == ["Ma Cao", "Vinh"]
    moved = client.post(
        "/admin/questions/mot/new/ordering", data={"text": "x", "items-0-text": "a", "items-1-text": "b", "do": "down:items:0"}
    )
    assert re.findall(r'<textarea class="input" id="items-\d+-text"[^>]*>\s([^<]*)</textarea>', moved.get_data(as_text=True)) == [
        "b",
        "a",
    ]
    assert client.post(address, data={**FORM, "do": "khac"}).status_code == 404
    assert not db.session.scalars(sa.select(Question)).all()


def test_it_shows_a_preview_as_the_taker_sees_it(bank, as_):
    page = (
        as_("yen")
        .post("/admin/questions/mot/new/single_choice", data={**FORM, "text": "Tính \\(x^2\\)?", "do": "preview"})
        .get_data(as_text=True)
    )
    assert "<msup>" in page
    assert '<input type="radio" disabled>' in page
    part = as_("yen").post("/admin/questions/mot/preview/single_choice", data=FORM).get_data(as_text=True)
    assert "Họp ở &lt;đâu&gt;?" in part or "Họp ở" in part
    assert "<html" not in part
    broken = as_("yen").post("/admin/questions/mot/preview/single_choice", data={"text": "Câu?"}).get_data(as_text=True)
    assert "Chưa xem trước được" in broken
    assert as_("yen").post("/admin/questions/mot/preview/khac").status_code == 404


@pytest.mark.parametrize("key", KINDS)
def test_it_previews_every_type_with_and_without_words(bank, as_, key):
    client = as_("yen")
    assert client.post(f"/admin/questions/mot/preview/{key}", data=form_of(example(key))).status_code == 200
    assert client.post(f"/admin/questions/mot/preview/{key}").status_code == 200


def upload(client, data: bytes, alt: str, name: str = "ban do.png"):
    form = {**FORM, "do": "picture", "alt": alt, "picture": (io.BytesIO(data), name)}
    return client.post("/admin/questions/mot/new/single_choice", data=form, content_type="multipart/form-data")


def test_it_takes_a_picture_only_with_words_for_it(bank, as_):
    client = as_("yen")
    silent = upload(client, picture(), " ")
    assert silent.status_code == 400
    assert "lời mô tả hình" in silent.get_data(as_text=True)
    assert "SVG" in upload(client, b"<svg/>", "Bản đồ").get_data(as_text=True)
    assert not db.session.scalars(sa.select(Medium)).all()
    page = unescape(upload(client, picture(), "Bản đồ").get_data(as_text=True))
    assert "![Bản đồ](@@PLUGINFILE@@/ban-do.png)" in page
    digest = re.search(r'name="picture-0-digest" value="([0-9a-f]{64})"', page)[1]
    sent = {
        **FORM,
        "text": "![Bản đồ](@@PLUGINFILE@@/ban-do.png)\n\nĐâu?",
        "picture-0-name": "ban-do.png",
        "picture-0-digest": digest,
        "do": "save",
    }
    client.post("/admin/questions/mot/new/single_choice", data=sent)
    assert f'<img src="/media/{digest}" alt="Bản đồ">' in client.get("/admin/questions/mot/mot-0001").get_data(as_text=True)


@pytest.fixture
def in_use(bank):
    put("mot", draft(explanation="Vì"))
    change_status((PHUOC, "Phước"), question("mot-0001").id, "review", "", clock.now())
    change_status((YEN, "Yến"), question("mot-0001").id, "put_in_use", "", clock.now())


def edit(client, **more: str):
    form = {**form_of(draft(explanation="Vì")), "seen": "1", "do": "save", **more}
    return client.post("/admin/questions/mot/mot-0001/edit", data=form)


def test_it_says_before_saving_what_an_edit_touches(in_use, as_, monkeypatch):
    used = [Use("Tuần 3", "/contests", "đang mở", True, 40, 1), Use("Tuần 2", "/contests", "đã đóng", False, 25, 1)]
    monkeypatch.setattr(hooks, "uses", [lambda ids: dict.fromkeys(ids, used)])
    client = as_("yen")
    form = {"options-1-right": "1", "options-0-right": ""}
    page = edit(client, **form)
    shown = unescape(page.get_data(as_text=True))
    assert page.status_code == 200
    assert "Tuần 3" in shown
    assert "65 lượt" in shown
    assert "Đáp án hoặc cách tính điểm có đổi" in shown
    assert question("mot-0001").version_number == 1
    carried = dict(re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)">', shown))
    assert carried["options-1-right"] == "1"
    back = client.post("/admin/questions/mot/mot-0001/edit", data={**carried, "do": "back"})
    assert "Hương Cảng" in back.get_data(as_text=True)
    saved = client.post("/admin/questions/mot/mot-0001/edit", data={**carried, "do": "save"})
    assert saved.status_code == 302
    found = question("mot-0001")
    assert (found.version_number, found.status, found.reviewed_by_id, found.author_id) == (2, "draft", None, YEN)


def test_it_asks_nothing_where_only_the_place_changes(in_use, as_):
    assert edit(as_("yen"), topic="Khác", tags="mới").status_code == 302
    found = question("mot-0001")
    assert (found.version_number, found.status, found.topic) == (1, "in_use", "Khác")


def test_it_takes_a_question_in_use_back_to_a_draft_for_a_second_reader(in_use, as_):
    assert edit(as_("yen"), explanation="Bởi vì", confirmed="1", note="Rõ hơn").status_code == 302
    assert question("mot-0001").status == "draft"
    history = as_("phuoc").get("/admin/questions/mot/mot-0001/versions").get_data(as_text=True)
    assert "Rõ hơn" in history
    assert "<ins>" in history
    assert "thêm:" in history


def test_it_does_not_write_over_what_somebody_else_wrote(in_use, as_):
    edit(as_("kien"), explanation="Kiên viết", confirmed="1")
    answer = edit(as_("yen"), explanation="Yến viết", confirmed="1")
    page = answer.get_data(as_text=True)
    assert answer.status_code == 400
    assert "Người khác đã sửa" in page
    assert "Yến viết" in page
    assert question("mot-0001").version_number == 2


def test_it_keeps_papers_on_their_version(in_use, as_):
    from elearn.questions.queries import render_versions

    found = question("mot-0001")
    named = current_versions([found])[found.id].id
    edit(as_("yen"), text="Câu khác hẳn?", confirmed="1")
    db.session.rollback()
    assert "Đại hội I" in render_versions([named])[0].stem
    assert current_versions([question("mot-0001")])[found.id].text == "Câu khác hẳn?"


def test_it_carries_a_form_of_another_type_nowhere(bank, as_):
    answer = as_("yen").post("/admin/questions/mot/new/true_false", data={**FORM, "body-answer": "true", "do": "save"})
    assert answer.status_code == 302
    found = question("mot-0001")
    assert current_versions([found])[found.id].body == {"answer": True}


def test_it_goes_on_to_the_next_question_in_the_same_place(bank, as_):
    answer = as_("yen").post("/admin/questions/mot/new/single_choice", data={**FORM, "next": "1"})
    page = as_("yen").get(answer.headers["Location"]).get_data(as_text=True)
    assert 'value="Sử / Mới"' in page
    assert 'value="Đại hội"' in page


def test_it_sees_a_double_in_the_preview(bank, as_):
    put("mot", draft())
    form = {**form_of(draft()), "do": "preview"}
    assert "Giống câu mot-0001 đến 100%" in as_("yen").post("/admin/questions/mot/new/single_choice", data=form).get_data(
        as_text=True
    )


def test_it_shows_the_texts_of_people_as_text(bank, as_):
    evil = "<script>alert(1)</script>\"'><img src=x onerror=alert(1)>"
    options = {"options": [{"text": evil, "right": True, "feedback": evil}, {"text": "b"}, {"text": "c"}]}
    put(
        "mot",
        draft(
            text=evil,
            body=options,
            name=evil,
            topic=evil[:190],
            source=evil,
            clause=evil,
            category=evil.replace("/", ""),
            tags=[evil],
            explanation=evil,
        ),
    )
    client = as_("yen")
    for page in ("", "/mot-0001", "/mot-0001/edit", "/mot-0001/versions", "/lint?pairs=1", "/categories"):
        shown = client.get(f"/admin/questions/mot{page}").get_data(as_text=True)
        assert "<script>alert" not in shown, page
        assert "<img src=x" not in shown, page
    with transaction() as session:
        assert session.scalar(sa.select(sa.func.count()).select_from(Question)) == 1
    assert OPTIONS
