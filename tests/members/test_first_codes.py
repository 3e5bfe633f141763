"""Codes for the first sign-in: good once, for some days, replaced by newer ones, never readable again."""

from __future__ import annotations

import re
import time
from datetime import timedelta

import pytest
import time_machine
from sqlalchemy import insert

from elearn.audit.models import AuditEntry
from elearn.core import clock
from elearn.members.models import InitialCode, Member
from elearn.members.services.first_codes import code_hash, issue_codes, use_code
from tests.cast import LONG_AGO, PASSWORD

KEY = "test-key-of-the-whole-run"
KIEN = (4, "Đặng Trung Kiên")


def post(client, password, login="moi"):
    return client.post("/sign-in", data={"login": login, "password": password})


@pytest.fixture
def code(app):
    with app.app_context():
        return issue_codes(KIEN, [1, 12, 13], clock.now(), 7, KEY)[12]


def test_it_gives_codes_to_those_who_never_set_a_password_only(app, session):
    codes = issue_codes(KIEN, [1, 12, 13, 99], clock.now(), 7, KEY)
    assert list(codes) == [12]
    assert re.fullmatch(r"[a-z2-9]{4}(-[a-z2-9]{4}){2}", codes[12])
    entry = session.query(AuditEntry).filter_by(action="issue_first_codes").one()
    assert entry.detail.after == {"people": 1, "days": 7}
    assert session.query(InitialCode).one().code_hash == code_hash(KEY, codes[12])
    assert codes[12] not in str(entry.detail.__dict__)


@pytest.mark.parametrize("change", [str, str.upper, lambda code: code.replace("-", ""), lambda code: f" {code.replace('-', ' ')} "])
def test_it_signs_in_once(as_, code, change):
    client = as_()
    assert post(client, change(code)).status_code == 302
    assert client.get("/me").headers["Location"].endswith("/password")
    assert post(as_(), code).status_code == 401
    new = {"current": change(code), "password": "sông dài biển rộng", "again": "sông dài biển rộng"}
    assert client.post("/password", data=new).status_code == 302
    assert client.get("/me").status_code == 200
    assert post(as_(), "sông dài biển rộng").status_code == 302


def test_it_ends_the_earlier_password_and_the_earlier_code(as_, app, code):
    newer = issue_codes(KIEN, [12], clock.now(), 7, KEY)[12]
    assert post(as_(), PASSWORD).status_code == 401
    assert post(as_(), code).status_code == 401
    assert post(as_(), newer).status_code == 302


def test_it_answers_an_old_code_as_any_wrong_password(as_, code):
    with time_machine.travel(clock.now() + timedelta(days=7, seconds=5), tick=False):
        pages = {
            re.sub('name="csrf_token" value="[^"]+"', "", answer.get_data(as_text=True))
            for answer in (post(as_(), code), post(as_(), "wrong-wrong-wrong"))
        }
    assert len(pages) == 1
    assert "Tên đăng nhập hoặc mật khẩu không đúng." in pages.pop()


def test_it_belongs_to_one_person_and_not_to_a_disabled_one(as_, session, code):
    assert post(as_(), code, "hanh").status_code == 401
    session.get(Member, 12).status = "disabled"
    session.commit()
    assert post(as_(), code).status_code == 401


def test_it_is_taken_by_one_of_two_at_once(app, session, code):
    hashed, now = code_hash(KEY, code), clock.now()
    assert [use_code(session, 12, hashed, now), use_code(session, 12, hashed, now)] == [True, False]
    session.rollback()


def test_it_makes_a_thousand_codes_in_a_second(app, session):
    common = {
        "name_key": b"",
        "search_key": "",
        "unit_id": 3,
        "password_hash": "",
        "must_change_password": True,
        "created_at": LONG_AGO,
    }
    rows = [
        {"id": n, "code": f"N{n}", "login": f"n{n}", "login_key": f"n{n}", "display_name": f"Người {n}", **common}
        for n in range(100, 1100)
    ]
    session.execute(insert(Member), rows)
    session.commit()
    began = time.perf_counter()
    codes = issue_codes(KIEN, range(100, 1100), clock.now(), 7, KEY)
    assert time.perf_counter() - began < 1
    assert len(set(codes.values())) == 1000
