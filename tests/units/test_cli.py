"""Commands of the organisation tree: exit codes, what is written, what is refused."""

from __future__ import annotations

import io

from python_calamine import CalamineWorkbook
from sqlalchemy import select

from elearn.units.models import Unit, UnitChange

ROWS = "Mã cũ,Mã mới,Tên mới,Ngày hiệu lực\nkhu-pho-5,bm1,Chi bộ Bình Minh 1,01/10/2026\ntruong,bm1,,01/10/2026\n"


def run(app, *arguments):
    return app.test_cli_runner().invoke(args=["units", *map(str, arguments)])


def test_a_mapping_file_is_tried_done_and_undone(app, session, tmp_path):
    file = tmp_path / "bang.csv"
    file.write_text(ROWS, encoding="utf-8")
    tried = run(app, "import", file, "--dry-run")
    assert tried.exit_code == 0 and "2,3\tmerge\t2026-10-01\tSáp nhập" in tried.output and "people\t4" in tried.output
    assert session.scalar(select(UnitChange)) is None
    done = run(app, "import", file)
    session.rollback()
    change = session.scalar(select(UnitChange))
    assert done.exit_code == 0 and change.made_by_id is None and change.made_by_name == "flask units"
    assert run(app, "import", file).exit_code == 1
    assert run(app, "undo", change.id, "--reason", "nạp nhầm").exit_code == 0
    again = run(app, "undo", change.id, "--reason", "nạp nhầm")
    assert again.exit_code == 1 and "đã được hoàn tác" in again.output
    session.rollback()
    assert session.scalar(select(Unit).where(Unit.code == "bm1")) is None


def test_problems_are_told_by_row_and_column(app, tmp_path):
    file = tmp_path / "bang.csv"
    file.write_text(ROWS.replace("truong", "sai"), encoding="utf-8")
    refused = run(app, "import", file)
    assert refused.exit_code == 1 and "Dòng 3, cột Mã cũ" in refused.output
    (tmp_path / "x.csv").write_text("a,b\n1,2\n", encoding="utf-8")
    assert run(app, "import", tmp_path / "x.csv").exit_code == 1


def test_wrong_use_is_told_apart(app, tmp_path):
    assert run(app, "import", tmp_path / "none.csv").exit_code == 2
    assert run(app, "export", "--on", "hôm qua").exit_code == 2
    assert run(app, "undo", 1).exit_code == 2
    assert run(app, "undo", 99, "--reason", "nạp nhầm").exit_code == 1


def test_units_are_exported_as_of_a_day_and_come_back(app, session, tmp_path):
    target = tmp_path / "units.xlsx"
    assert run(app, "export", "--output", target, "--on", "2026-10-01").exit_code == 0
    rows = CalamineWorkbook.from_filelike(io.BytesIO(target.read_bytes())).get_sheet_by_index(0).to_python()
    assert [row[1] for row in rows[-6:]] == ["an-son", "binh-minh", "khu-pho-5", "truong", "dong-hoa", "thuong"]
    orgs = tmp_path / "orgs.csv"
    assert run(app, "export", "--format", "oneroster", "--output", orgs).exit_code == 0
    same = run(app, "import", orgs, "--format", "oneroster")
    assert same.exit_code == 0 and session.scalar(select(UnitChange)) is None
    orgs.write_text(orgs.read_text(encoding="utf-8").replace("Chi bộ Thôn Thượng", "Chi bộ Thôn Trung"), encoding="utf-8")
    assert run(app, "import", orgs, "--format", "oneroster", "--on", "2026-10-01").exit_code == 0
    session.rollback()
    assert session.get(Unit, 6).name == "Chi bộ Thôn Trung"
    assert b"sourcedId" in run(app, "export", "--format", "oneroster").stdout_bytes
