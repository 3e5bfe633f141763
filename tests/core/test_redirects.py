"""Where `next` may lead: a path of this site, whatever is tried."""

from __future__ import annotations

import pytest

from elearn.core.redirects import safe_next

BAD = [
    "//e.example", "///e.example", "////e.example", "/\\e.example", "\\/e.example", "\\\\e.example", "/\\/e.example", "\\/\\/e.example",
    "/%09/e.example", "/%0a/e.example", "/%0d%0a/e.example", "/\t/e.example", "/\n/e.example", "/\r/e.example", "\t//e.example",
    " //e.example", "https:e.example", "https:/e.example", "https://e.example", "http://e.example", "HTTPS://e.example", "ftp://e.example",
    "javascript:alert(1)", "JaVaScRiPt:alert(1)", "java\tscript:alert(1)", "data:text/html,x", "vbscript:x", "mailto:a@e.example",
    "/%2f/e.example", "/%2fe.example", "/%5ce.example", "/%5c%5ce.example", "/%255ce.example", "/%252fe.example", "/\x00/e.example",
    "/a\r\nSet-Cookie: x=1", "/a\u2028b", "/\u202e/e.example", "e.example", "@e.example", "?next=//e.example", "", "//[::1", "/x\\..\\e",
]  # fmt: skip
GOOD = ["/", "/me", "/courses/a-b/lessons/3", "/admin/members?q=l%C3%AA&page=2", "/me#devices", "/jobs/x?next=//e.example", "/học"]


@pytest.mark.parametrize("target", BAD)
def test_it_refuses_what_leads_elsewhere(target):
    assert safe_next(target, "/home") == "/home"


@pytest.mark.parametrize("target", GOOD)
def test_it_keeps_paths_of_this_site(target):
    assert safe_next(target) == target


@pytest.mark.parametrize("target", BAD)
def test_it_stays_here_after_signing_in_or_choosing_a_language(as_, target):
    for client, path, more in ((as_("hanh"), "/sign-in", {}), (as_(), "/language", {"language": "vi"})):
        if path == "/sign-in":
            answer = client.get(path, query_string={"next": target})
        else:
            answer = client.post(path, data={**more, "next": target})
        assert answer.headers["Location"] == "/"
