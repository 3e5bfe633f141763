"""Signing in: what works, what is refused, and what ends a session."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
import time_machine

from elearn.core import clock
from tests.cast import PASSWORD


def post(client, login, password, **more):
    return client.post("/sign-in", data={"login": login, "password": password, **more})


@pytest.mark.parametrize("written", ["hanh", " HANH ", "hаnh"])  # the last with a Cyrillic a
def test_it_signs_in(as_, written):
    client = as_()
    assert post(client, written, PASSWORD).status_code == 302
    assert client.get("/me").status_code == 200


def test_it_answers_alike_for_a_wrong_password_an_unknown_name_and_a_disabled_account(as_):
    pages = {
        re.sub('name="csrf_token" value="[^"]+"', "", post(as_(), login, password).get_data(as_text=True)).replace(login, "")
        for login, password in [("hanh", "sai-mat-khau"), ("aihu", "sai-mat-khau"), ("nghi", PASSWORD)]
    }
    assert len(pages) == 1
    assert "Tên đăng nhập hoặc mật khẩu không đúng." in pages.pop()


def test_it_stops_after_ten_failures_even_with_the_right_password(as_, app):
    client = as_()
    for _ in range(10):
        assert post(client, "hanh", "sai").status_code == 401
    assert post(client, "hanh", PASSWORD).status_code == 429
    assert post(client, "binh", PASSWORD).status_code == 302
    with time_machine.travel(clock.now() + timedelta(minutes=16), tick=False):
        assert post(as_(), "hanh", PASSWORD).status_code == 302


def test_it_ends_the_session_on_sign_out(as_):
    client = as_("hanh")
    with client.session_transaction() as cookie:
        kept = dict(cookie)
    client.post("/sign-out")
    with client.session_transaction() as cookie:
        cookie.update(kept)
    assert client.get("/me").status_code == 302


def test_it_makes_a_new_password_first(as_):
    client = as_("moi")
    assert client.get("/").headers["Location"].endswith("/password")
    assert client.get("/me").headers["Location"].endswith("/password")
    answer = client.post("/password", data={"current": PASSWORD, "password": "ba-con-trau-di", "again": "ba-con-trau-di"})
    assert answer.status_code == 302
    assert client.get("/me").status_code == 200


def test_it_ends_other_sessions_when_the_password_changes(as_):
    here, there = as_("hanh"), as_("hanh")
    here.post("/password", data={"current": PASSWORD, "password": "ba-con-trau-di", "again": "ba-con-trau-di"})
    assert here.get("/me").status_code == 200
    assert there.get("/me").status_code == 302


def test_it_ends_the_session_when_the_account_is_disabled(as_, people):
    from elearn.members.services.accounts import set_status

    client = as_("hanh")
    set_status((4, "Đặng Trung Kiên"), people.hanh.member_id, "disabled", "chuyển đi", clock.now())
    assert client.get("/me").status_code == 302


def test_it_outlives_the_longest_paper(as_):
    client = as_()
    post(client, "hanh", PASSWORD)
    with time_machine.travel(clock.now() + timedelta(hours=12), tick=False):
        assert client.get("/me").status_code == 200


@pytest.mark.parametrize("target", ["https://xau.example/", "//xau.example/", "/\\xau.example", "javascript:alert(1)"])
def test_it_never_redirects_to_another_site(as_, target):
    assert "xau.example" not in post(as_(), "hanh", PASSWORD, next=target).headers["Location"]


@pytest.mark.parametrize(
    ("current", "new", "again", "said"),
    [
        ("sai", "ba-con-trau-di", "ba-con-trau-di", "Mật khẩu hiện tại không đúng"),
        (PASSWORD, "ngan", "ngan", "ít nhất 8"),
        (PASSWORD, "12345678", "12345678", "quá dễ đoán"),
        (PASSWORD, "ba-con-trau-di", "ba-con-trau", "chưa giống nhau"),
        (PASSWORD, PASSWORD, PASSWORD, "phải khác"),
    ],
)
def test_it_says_what_is_wrong_with_a_new_password(as_, current, new, again, said):
    answer = as_("hanh").post("/password", data={"current": current, "password": new, "again": again})
    assert answer.status_code == 400
    assert said in answer.get_data(as_text=True)
