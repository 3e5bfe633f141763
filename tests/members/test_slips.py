"""Printed slips: who gets one, what stands on it, who may fetch the file."""

from __future__ import annotations

import re
import zlib
from datetime import timedelta

import time_machine
from sqlalchemy import update

from elearn.core import clock
from elearn.jobs.models import Job
from elearn.jobs.services import work_off
from elearn.members.models import InitialCode, Member, RoleGrant
from elearn.members.queries.slips import Newcomer
from elearn.members.services.slips import set_slips
from elearn.members.views import slips as pages
from tests.cast import LONG_AGO


def signs_of(content: bytes) -> str:
    """The signs that a PDF prints, and how many pages it has."""
    streams = [content]
    for found in re.finditer(rb"stream\r?\n(.*?)endstream", content, re.S):
        try:
            streams.append(zlib.decompress(found[1].strip(b"\r\n")))
        except zlib.error:
            continue
    text = b"\n".join(streams)
    codes = re.findall(rb"<[0-9a-fA-F]+> <([0-9a-fA-F]{4})>", text)
    return "".join(sorted({chr(int(code, 16)) for code in codes}))


def pages_of(content: bytes) -> int:
    plain = [content]
    for found in re.finditer(rb"stream\r?\n(.*?)endstream", content, re.S):
        try:
            plain.append(zlib.decompress(found[1].strip(b"\r\n")))
        except zlib.error:
            continue
    return len(re.findall(rb"/Type\s*/Page\b", b"\n".join(plain)))


def slips(count, unit="Chi bộ A", name="Người {}"):
    return [(Newcomer(n, name.format(n), f"n{n}", unit), "abcd-efgh-jkmn") for n in range(count)]


def test_it_sets_eight_slips_a_page_and_a_list_for_each_unit():
    until = clock.now() + timedelta(days=7)
    site = ("Học tập", "https://hoc.example")
    assert pages_of(set_slips(slips(8), site, until)) == 2
    assert pages_of(set_slips(slips(9) + slips(1, "Chi bộ B"), site, until)) == 5


def test_it_prints_names_as_they_are():
    names = ('#import "x"', "*bold* _x_ $y$", "\\ @a <b> [c] {d} `e` ~ //f", "= Tiêu đề")
    content = set_slips(
        [slips(1, name=name.replace("{", "{{").replace("}", "}}"))[0] for name in names],
        ("#site", "https://a.example"),
        clock.now(),
    )
    assert set("".join(names)) - set(signs_of(content)) - {" "} == set()


def test_it_prints_for_those_who_never_signed_in(as_, session):
    nga = as_("nga")
    page = nga.get("/admin/slips?unit=2").get_data(as_text=True)
    assert "In 1 phiếu?" in page
    answer = nga.post("/admin/slips", data={"unit": "2"})
    assert answer.status_code == 200
    assert answer.mimetype == "application/pdf"
    assert answer.headers["Cache-Control"] == "no-store"
    assert pages_of(answer.data) == 2
    assert session.query(InitialCode).one().member_id == 12
    assert nga.post("/admin/slips", data={"member": "12"}).status_code == 200
    assert nga.post("/admin/slips", data={"member": "1"}).status_code == 400
    assert "Không có phiếu nào cần in" in nga.get("/admin/slips?unit=5").get_data(as_text=True)
    assert nga.post("/admin/slips", data={}).status_code == 400


def test_it_is_for_those_who_may(as_):
    assert as_("dung").get("/admin/slips").status_code == 403
    assert as_("hanh").get("/admin/slips").status_code == 403
    assert as_("nga").get("/admin/slips?unit=99").status_code == 404


def test_it_gives_a_way_into_an_officers_account_only_to_who_manages_accounts(as_, session):
    session.add(RoleGrant(member_id=12, role="training_officer", unit_id=3, valid_from=LONG_AGO))
    session.commit()
    assert as_("nga").post("/admin/slips", data={"member": "12"}).status_code == 400
    assert as_("kien").post("/admin/slips", data={"member": "12"}).status_code == 200


def test_it_sets_many_in_the_background_and_keeps_them_an_hour(as_, session, app, monkeypatch):
    monkeypatch.setattr(pages, "DIRECTLY", 2)
    session.execute(update(Member).where(Member.id.in_([1, 2, 3])).values(password_hash=""))
    session.commit()
    nga = as_("nga")
    assert nga.post("/admin/slips", data={"unit": "1"}).status_code == 302
    job = session.query(Job).one()
    ready = f"/admin/slips/ready/{job.id}"
    assert "chưa sẵn sàng" in nga.get(ready).get_data(as_text=True)
    assert nga.get(f"{ready}/pdf").status_code == 404
    session.rollback()
    assert work_off() == 1
    assert "Đã xong 4 phiếu" in nga.get(ready).get_data(as_text=True)
    answer = nga.get(f"{ready}/pdf")
    assert pages_of(answer.data) == 6
    assert answer.headers["Cache-Control"] == "no-store"
    (path,) = (app.config["ELEARN"].data_path / "files").glob("slips-*.pdf")
    assert path.stat().st_mode & 0o777 == 0o600
    assert as_("kien").get(f"{ready}/pdf").status_code == 404
    with time_machine.travel(clock.now() + timedelta(minutes=61), tick=False):
        assert nga.get(f"{ready}/pdf").status_code == 404
    assert not path.exists()
