"""Files of an import: what became of each row, the rows to put right, an empty template."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from elearn.audit.services import record
from elearn.core.db import transaction
from elearn.core.display import show_datetime
from elearn.core.exports.excel import Column, workbook
from elearn.core.i18n import gettext
from elearn.members.models import Import
from elearn.members.rules.importing.columns import FIELDS

ACTION_WORDS = {
    "create": "Thêm mới", "update": "Cập nhật", "move": "Chuyển đơn vị", "same": "Không đổi", "doubtful": "Nghi trùng", "faulty": "Phải sửa",
}  # fmt: skip
STATE_WORDS = {
    "staged": "Chưa nhập", "applied": "Đã nhập", "skipped": "Bỏ qua", "failed": "Không nhập được", "undone": "Đã hoàn tác", "kept": "Giữ lại",
}  # fmt: skip
TEMPLATE = (
    "full_name",
    "birth_date",
    "sex",
    "national_id",
    "phone",
    "email",
    "unit",
    "position",
    "kind",
    "card_number",
    "ethnicity",
    "religion",
)


def result_workbook(one: Import, rows: Sequence[Any], choice: str, now: datetime, actor: tuple[int | None, str]) -> bytes:
    """The rows as Excel; those to put right keep the columns of the file, so that the sheet can be imported again. Recorded."""
    fields = []
    if choice == "faulty":
        used = [column["field"] for sheet in one.layout["sheets"] if sheet["is_used"] for column in sheet["columns"]]
        fields = [field for field in dict.fromkeys(used) if field and field != "ordinal"]
        if "unit" not in fields:
            fields.append("unit")
    columns = [Column(gettext(FIELDS[field].label), 24) for field in fields] if fields else [Column(gettext("Họ và tên"), 28)]
    columns += [Column(gettext("Trang"), 16), Column(gettext("Dòng"), 8)]
    columns += [
        Column(gettext("Việc"), 16),
        Column(gettext("Kết quả"), 16),
        Column(gettext("Lý do"), 70),
        Column(gettext("Tên đăng nhập"), 20),
    ]
    lines = []
    for row in rows:
        told = "; ".join(gettext(problem[2], **problem[3]) for problem in row.problems)
        reason = "; ".join(part for part in (gettext(row.outcome) if row.outcome else "", told) if part)
        cells = [row.raw.get(field) or row.values.get(field, "") for field in fields] if fields else [row.name]
        if "unit" in fields and not cells[fields.index("unit")]:
            cells[fields.index("unit")] = row.values.get("unit_heading", "")
        lines.append(
            (
                *cells,
                row.sheet,
                row.number,
                gettext(ACTION_WORDS[row.action]),
                gettext(STATE_WORDS[row.state]),
                reason,
                row.login or "",
            )
        )
    notes = [gettext("Tệp %(name)s, tính đến %(moment)s.", name=one.file_name, moment=show_datetime(now))]
    subject = ("import", one.id, one.file_name)
    with transaction() as session:
        record(session, now, actor, "export_import_rows", subject, after={"rows": len(lines), "choice": choice})
    return workbook(gettext("Kết quả nhập danh sách"), notes, columns, lines)


def template_workbook() -> bytes:
    """An empty list with the usual headings and one line of example."""
    example = (
        "Nguyễn Văn An",
        "14/10/1985",
        "Nam",
        "001085000000",
        "0900000000",
        "",
        "Chi bộ Khu phố 5",
        "",
        "Chính thức",
        "",
        "",
        "",
    )
    columns = [Column(gettext("STT"), 6), *(Column(FIELDS[field].label, 20) for field in TEMPLATE)]
    notes = [gettext("Dòng mẫu bên dưới chỉ để xem cách ghi; hãy xoá trước khi nhập. Cột nào không có thì bỏ trống.")]
    return workbook(gettext("Danh sách thành viên"), notes, columns, [(1, *example)])
