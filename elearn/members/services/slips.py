"""Printed slips for the first sign-in: codes made, slips set, files kept for an hour."""

from __future__ import annotations

import os
import time
from collections.abc import Sequence
from datetime import datetime, timedelta
from itertools import groupby
from pathlib import Path
from urllib.parse import quote

import segno

from elearn.core.exports.pdf import set_pdf
from elearn.lib.errors import InvalidInput
from elearn.lib.periods import local
from elearn.members.queries.slips import Newcomer
from elearn.members.services.first_codes import issue_codes

MOST = 5_000
KEPT = timedelta(hours=1)
_TEMPLATE = Path(__file__).with_name("slips.typ")
# Slips are paper for people who have not chosen a language yet.
_WORDS = {
    "title": "Phiếu đăng nhập",
    "login": "Tên đăng nhập",
    "code": "Mã đăng nhập (điền vào ô mật khẩu)",
    "until": "Dùng một lần, trước",
    "steps": (
        "1. Quét mã QR, hoặc mở địa chỉ mà đơn vị thông báo.",
        "2. Điền tên và mã đăng nhập ở trên.",
        "3. Đặt mật khẩu chỉ mình bạn biết, rồi huỷ phiếu này.",
    ),
    "list": "Danh sách ký nhận phiếu đăng nhập",
    "columns": ("STT", "Họ tên", "Tên đăng nhập", "Ký nhận"),
}


def print_slips(
    actor: tuple[int, str], people: Sequence[Newcomer], site: tuple[str, str], now: datetime, days: int, key: str
) -> tuple[bytes, int]:
    """Give these people codes and return their slips as PDF with the number of slips. `site` is (name, base address).

    Raises InvalidInput where nobody needs a slip, or too many do for one file.
    """
    if len(people) > MOST:
        raise InvalidInput("too_many_slips", "Mỗi lần in được tối đa %(most)s phiếu. Hãy chọn đơn vị nhỏ hơn.", "unit", most=MOST)
    codes = issue_codes(actor, [one.id for one in people], now, days, key)
    if not codes:
        raise InvalidInput("no_slips", "Không còn ai chưa đặt mật khẩu ở đây, nên không có phiếu nào để in.", "unit")
    return set_slips([(one, codes[one.id]) for one in people if one.id in codes], site, now + timedelta(days=days)), len(codes)


def set_slips(slips: Sequence[tuple[Newcomer, str]], site: tuple[str, str], until: datetime) -> bytes:
    """The PDF of slips whose people come unit by unit."""
    name, base_url = site
    units = [
        {"name": unit, "people": [_slip(one, code, base_url) for one, code in group]}
        for unit, group in groupby(slips, key=lambda slip: slip[0].unit_name)
    ]
    data = {"site": name, "until": f"{local(until):%H:%M %d/%m/%Y}", "units": units, "words": _WORDS}
    return set_pdf(_TEMPLATE.read_bytes(), data)


def _slip(one: Newcomer, code: str, base_url: str) -> dict[str, str]:
    # what follows # stays in the browser: no log of a server on the way holds the login
    address = f"{base_url.rstrip('/')}/sign-in#u={quote(one.login, safe='')}"
    picture = segno.make(address, error="m", micro=False).svg_inline(border=2)
    return {"name": one.name, "unit": one.unit_name, "login": one.login, "code": code, "qr": picture}


def keep_file(folder: Path, name: str, content: bytes) -> None:
    """Keep a PDF for its owner, readable by the application alone; those kept for longer than an hour are deleted."""
    folder.mkdir(parents=True, exist_ok=True)
    drop_old_files(folder)
    path = folder / f"{name}.pdf"
    path.unlink(missing_ok=True)
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as out:
        out.write(content)


def drop_old_files(folder: Path) -> None:
    """Delete slips that were kept for longer than an hour."""
    for path in folder.glob("slips-*.pdf"):
        if path.stat().st_mtime < time.time() - KEPT.total_seconds():
            path.unlink(missing_ok=True)
