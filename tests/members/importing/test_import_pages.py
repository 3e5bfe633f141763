"""The import through its pages: upload, columns, preview, decide, apply, result, undo; and who may."""

from __future__ import annotations

import io
import json
import re

import pytest
from sqlalchemy import select

from elearn.core.db import db, transaction
from elearn.jobs import services as jobs
from elearn.members.models import Import, ImportRow, Member, RoleGrant
from tests.cast import LONG_AGO
from tests.members.importing.test_importing import LIST, book


def text(answer, status=200):
    assert answer.status_code == status, answer.get_data(as_text=True)[:800]
    return answer.get_data(as_text=True)


def upload(client, data=None, name="ds.xlsx", unit=1, follow=True):
    data = book(*LIST) if data is None else data
    return client.post(
        "/admin/imports", data={"file": (io.BytesIO(data), name), "unit": unit, "decision": "12-QĐ/ĐU"}, follow_redirects=follow
    )


def choose_all(client, import_id):
    """Submit the mapping page as it was proposed."""
    db.session.expire_all()
    form = {}
    for number, sheet in enumerate(db.session.get(Import, import_id).layout["sheets"]):
        form[f"sheet-{number}"] = "1"
        form |= {f"sheet-{number}-{column['column']}": column["field"] for column in sheet["columns"]}
    return client.post(f"/admin/imports/{import_id}/mapping", data=form)


@pytest.fixture
def nga(as_):
    return as_("nga")


@pytest.fixture
def ready(nga):
    """An import that waits at its preview."""
    page = text(upload(nga))
    assert "Các cột là gì?" in page
    answer = choose_all(nga, 1)
    assert "/jobs/" in answer.headers["Location"]
    assert jobs.work_off() == 1
    return nga


def test_it_shows_the_columns_as_recognised(nga):
    page = text(upload(nga))
    assert re.search(r'<option value="national_id" selected>', page)
    assert "Số CCCD" in page
    assert "001185000123" in page


def test_it_previews_each_problem_at_its_cell_and_masks_what_is_sensitive(ready):
    page = text(ready.get("/admin/imports/1?show=all"))
    assert "Chưa có gì được ghi." in page
    assert "31/02/1980" in page
    assert "không có trong lịch" in page
    assert "•••123" in page
    assert "001185000123" not in page
    page = text(ready.get("/admin/imports/1"))
    assert "Đặng Thị Hoà" not in page
    assert "Đặng Thị Hoà" in text(ready.get("/admin/imports/1?show=all&q=Hoà"))
    assert "Không có dòng nào" in text(ready.get("/admin/imports/1?show=move"))


def test_it_lets_a_person_decide_whom_a_row_is(ready):
    page = text(ready.get("/admin/imports/1/rows/3"))
    assert "Có phải cùng một người không?" in page
    assert "/100" in page
    answer = ready.post("/admin/imports/1/rows/3", data={"do": "decide", "decision": "match-2"})
    assert answer.status_code == 302
    assert ready.post("/admin/imports/1/rows/3", data={"do": "decide", "decision": "match-7"}).status_code == 400
    assert ready.post("/admin/imports/1/rows/1", data={"do": "decide", "decision": "skip"}).status_code == 404


def test_it_puts_a_row_right_in_place(ready):
    page = text(ready.get("/admin/imports/1/rows/5"))
    assert "Không có đơn vị “Chi bộ Không Có”" in page
    page = text(ready.post("/admin/imports/1/rows/5", data={"full_name": "Lê Văn Lạ", "birth_date": "30/02/1980"}), 400)
    assert 'value="30/02/1980"' in page
    assert ready.post("/admin/imports/1/rows/5", data={"full_name": "Lê Văn Lạ", "unit": "khu-pho-5"}).status_code == 302


def test_it_applies_and_undoes(ready):
    assert "Nhập 2 dòng?" in text(ready.get("/admin/imports/1/apply"))
    ready.post("/admin/imports/1/apply")
    jobs.work_off()
    page = text(ready.get("/admin/imports/1?show=all"))
    assert "Kết quả nhập" in page
    assert "Hoàn tác lần nhập này" in page
    db.session.expire_all()
    assert db.session.scalar(select(Member.id).where(Member.display_name == "Đặng Thị Hoà"))
    answer = ready.get("/admin/imports/1/rows.xlsx")
    assert answer.mimetype.endswith("sheet")
    ready.post("/admin/imports/1/undo")
    jobs.work_off()
    assert "Đã hoàn tác" in text(ready.get("/admin/imports/1?show=all"))
    assert db.session.scalar(select(Member.id).where(Member.display_name == "Đặng Thị Hoà")) is None
    assert ready.post("/admin/imports/1/undo").status_code == 409


def test_it_gives_the_faulty_rows_back_as_a_list_that_can_be_imported(ready):
    data = ready.get("/admin/imports/1/rows.xlsx?show=faulty").data
    page = text(upload(ready, data))
    assert "Các cột là gì?" in page
    choose_all(ready, 2)
    jobs.work_off()
    rows = db.session.scalars(select(ImportRow).where(ImportRow.import_id == 2)).all()
    assert [(row.name, row.action) for row in rows] == [("Lê Văn Lạ", "faulty")]


@pytest.mark.parametrize(
    ("data", "name", "words"),
    [
        (b"", "ds.xlsx", "không có nội dung"),
        (b"\x89PNG\r\n\x1a\n" + b"0" * 50, "ds.xlsx", "ảnh PNG"),
        (book((1, 2), head=("STT", "Số lượng", "Tỷ lệ")), "ds.xlsx", "cột họ tên"),
    ],
)
def test_it_refuses_a_bad_file_and_keeps_the_form(nga, data, name, words):
    page = text(upload(nga, data, name), 400)
    assert words in page
    assert 'value="12-QĐ/ĐU"' in page


def test_it_needs_a_file_and_a_unit_in_scope(nga, as_):
    assert "Hãy chọn một tệp." in text(nga.post("/admin/imports", data={"unit": "1"}), 400)
    assert "Hãy chọn đơn vị" in text(upload(nga, unit=999), 400)
    assert as_("dung").get("/admin/imports").status_code == 403
    assert as_("hanh").get("/admin/imports").status_code == 403


def test_it_hides_an_import_from_outsiders(ready, as_):
    with transaction() as session:
        session.add(RoleGrant(member_id=10, role="personnel_officer", unit_id=2, valid_from=LONG_AGO))
    quang = as_("quang")
    assert quang.get("/admin/imports").status_code == 200
    for path in ("", "/mapping", "/rows/1", "/apply", "/undo", "/rows.xlsx"):
        assert quang.get(f"/admin/imports/1{path}").status_code == 404, path
    assert quang.post("/admin/imports/1/discard").status_code == 404


def test_it_discards(ready):
    assert ready.post("/admin/imports/1/discard").status_code == 302
    db.session.expire_all()
    assert db.session.get(Import, 1).state == "cancelled"
    assert ready.post("/admin/imports/1/discard").status_code == 409
    assert ready.post("/admin/imports/1/rows/5", data={"full_name": "Ai"}).status_code == 409


def test_it_imports_and_undoes_by_command(app, tmp_path):
    path = tmp_path / "ds.xlsx"
    path.write_bytes(book(*LIST))
    runner = app.test_cli_runner()
    done = runner.invoke(args=["members", "import", str(path), "--dry-run", "--json"])
    told = json.loads(done.stdout)
    assert (done.exit_code, told["counts"]["create"], told["counts"]["faulty"]) == (0, 1, 1)
    assert any(one["code"] == "date_impossible" and one["row"] for one in told["problems"])
    assert db.session.scalar(select(Member.id).where(Member.display_name == "Đặng Thị Hoà")) is None
    told = json.loads(runner.invoke(args=["members", "import", str(path), "--json"]).stdout)
    assert told["counts"]["applied"] == 3
    assert json.loads(runner.invoke(args=["members", "undo", str(told["import"]), "--json"]).stdout)["rows"]["undone"] == 3
    assert runner.invoke(args=["members", "undo", "99"]).exit_code == 1
    assert runner.invoke(args=["members", "import", str(path), "--unit", "khong-co"]).exit_code == 1
    assert runner.invoke(args=["members", "import"]).exit_code == 2


def test_it_takes_large_files_and_refuses_larger_ones_with_csrf_on(address, data_path):
    import re as regex

    from elearn.app import create_app
    from elearn.config import Config
    from tests import cast

    config = Config(
        data_dir=str(data_path), database_url=address, secret_key="test-key-of-the-whole-run", max_upload_mb=1, max_import_mb=3
    )
    app = create_app(config, TESTING=True)
    with app.app_context():
        client = app.test_client()
        cast.sign_in(app, client, "nga")
        token = regex.search(r'name="csrf_token" value="([^"]+)"', client.get("/admin/imports").get_data(as_text=True))[1]

        def send(megabytes):
            data = b"Ho va ten;Ngay sinh\n" + b"Nguyen Van An;1985\n" * (megabytes * 55_000)
            form = {"csrf_token": token, "unit": "1", "file": (io.BytesIO(data), "ds.csv")}
            return client.post("/admin/imports", data=form).status_code

        assert send(2) == 302
        assert send(5) == 413
        assert client.post("/sign-out", data={"csrf_token": token, "x": "a" * 2_000_000}).status_code == 413
        db.session.remove()
        db.engine.dispose()
