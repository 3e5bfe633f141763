"""The second factor: turned on by its first code, asked for at sign-in, each code good once."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta

import pyotp
import pytest
import time_machine

from elearn.audit.models import AuditEntry
from elearn.members.models import RecoveryCode, Totp
from tests.cast import PASSWORD

NOON = datetime(2026, 11, 23, 5, 0, 5, tzinfo=UTC)


@pytest.fixture
def clock_stands():
    with time_machine.travel(NOON, tick=False) as traveller:
        yield traveller


def code_at(secret, seconds=0):
    return pyotp.TOTP(secret).at(NOON + timedelta(seconds=seconds))


def turn_on(client):
    page = client.post("/me/second-factor", data={"step": "begin"}).get_data(as_text=True)
    secret = re.search(r'id="secret">([^<]+)<', page)[1].replace(" ", "")
    assert client.post("/me/second-factor", data={"step": "confirm", "code": "12"}).status_code == 400
    answer = client.post("/me/second-factor", data={"step": "confirm", "code": code_at(secret)})
    codes = re.findall(r"<li>([a-z2-9-]{14})</li>", answer.get_data(as_text=True))
    assert len(set(codes)) == 8
    return secret, codes


def first_step(client, password=PASSWORD):
    return client.post("/sign-in", data={"login": "kien", "password": password})


def second_step(client, code):
    return client.post("/sign-in/code", data={"code": code}).status_code


def test_it_asks_for_a_code_at_sign_in(as_, clock_stands):
    kien = as_("kien")
    secret, _ = turn_on(kien)
    assert "Đang bật" in kien.get("/me").get_data(as_text=True)
    assert secret not in kien.get("/me/second-factor").get_data(as_text=True).replace(" ", "")
    client = as_()
    assert "/sign-in/code" in first_step(client).headers["Location"]
    assert client.get("/me").status_code == 302
    assert second_step(client, code_at(secret)) == 401  # taken at set-up
    clock_stands.shift(60)
    assert second_step(client, code_at(secret, 120)) == 401
    assert second_step(client, code_at(secret, 30)) == 302
    assert client.get("/me").status_code == 200
    other = as_()
    first_step(other)
    assert second_step(other, code_at(secret, 30)) == 401
    assert second_step(other, code_at(secret, 60)) == 302


def test_it_takes_a_recovery_code_once(as_, session, clock_stands):
    secret, codes = turn_on(as_("kien"))
    for status in (302, 401):
        client = as_()
        first_step(client)
        assert second_step(client, codes[0].upper()) == status
    assert session.query(RecoveryCode).filter_by(used_at=None).count() == 7
    said = str([(row.action, row.detail.__dict__) for row in session.query(AuditEntry)])
    assert secret not in said
    assert not any(code in said for code in codes)


def test_it_waits_five_minutes_and_lets_nobody_try_for_long(as_, clock_stands):
    secret, _ = turn_on(as_("kien"))
    client = as_()
    first_step(client)
    for _ in range(10):
        assert second_step(client, "000000x") == 401
    clock_stands.shift(60)
    assert second_step(client, code_at(secret, 60)) == 429
    clock_stands.shift(300)
    assert client.get("/sign-in/code").headers["Location"].startswith("/sign-in?")
    assert as_().get("/sign-in/code").status_code == 302


def test_it_is_turned_off_by_password_and_code(as_, session, clock_stands):
    kien = as_("kien")
    _, codes = turn_on(kien)
    assert kien.post("/me/second-factor/off", data={"password": "sai", "code": codes[0]}).status_code == 401
    assert kien.post("/me/second-factor/off", data={"password": PASSWORD, "code": "1"}).status_code == 401
    assert kien.post("/me/second-factor/off", data={"password": PASSWORD, "code": codes[0]}).status_code == 302
    assert session.query(Totp).count() == session.query(RecoveryCode).count() == 0
    assert first_step(as_()).headers["Location"] == "/"


def test_it_is_taken_off_by_an_administrator_with_a_reason(as_, session, clock_stands):
    dung = as_("dung")
    turn_on(dung)
    kien = as_("kien")
    assert "Gỡ xác thực hai bước" in kien.get("/admin/members/5").get_data(as_text=True)
    assert kien.post("/admin/members/5/second-factor", data={"reason": ""}).status_code == 400
    assert kien.post("/admin/members/5/second-factor", data={"reason": "mất điện thoại"}).status_code == 302
    assert as_("thuan").post("/admin/members/5/second-factor", data={"reason": "mất điện thoại"}).status_code == 403
    assert session.query(Totp).count() == 0
    assert session.query(AuditEntry).filter_by(action="reset_second_factor").one().detail.reason == "mất điện thoại"
    assert dung.get("/me").status_code == 302


def test_it_is_set_up_before_any_officers_page_where_required(as_, app, clock_stands, monkeypatch):
    kien, hanh = as_("kien"), as_("hanh")
    object.__setattr__(app.config["ELEARN"], "staff_totp", "required")
    assert kien.get("/admin").headers["Location"] == "/me/second-factor"
    assert kien.get("/me").status_code == 200
    assert hanh.get("/me").status_code == 200
    turn_on(kien)
    assert kien.get("/admin").status_code == 200
    assert kien.get("/me/second-factor/off").status_code >= 400
