"""A card that other sites may show, and what officers hand on."""

from __future__ import annotations

from tests.contests.conftest import Fair


def test_it_may_be_framed_and_leaves_no_trace(fair: Fair, as_):
    answer = as_().get("/contests/lich-su/embed")
    assert answer.status_code == 200
    assert "frame-ancestors *" in answer.headers["Content-Security-Policy"]
    assert "script-src 'none'" in answer.headers["Content-Security-Policy"]
    assert "X-Frame-Options" not in answer.headers
    assert "Set-Cookie" not in answer.headers
    assert "<form" not in answer.text
    assert "<script" not in answer.text
    assert 'href="http://localhost/contests/lich-su"' in answer.text
    for path in ("/contests/lich-su", "/contests/lich-su/register", "/"):
        other = as_().get(path)
        assert "frame-ancestors 'none'" in other.headers["Content-Security-Policy"]
        assert other.headers["X-Frame-Options"] == "DENY"


def test_it_shows_no_card_of_a_contest_that_is_not_published(fair: Fair, as_):
    fair.contest("nhap", join_code="111222", is_published=False)
    assert as_("mai").get("/contests/nhap/embed").status_code == 404


def test_it_gives_officers_code_link_and_lines(fair: Fair, as_):
    page = as_("mai").get("/admin/contests/lich-su/share")
    assert "&lt;iframe src=&#34;http://localhost/contests/lich-su/embed&#34;" in page.text
    assert "482\xa0610" in page.text
    assert as_("hanh").get("/admin/contests/lich-su/share").status_code == 403
