"""Nothing that a page loads or sends goes to another host; plain links to sources do not tell where one came from."""

from __future__ import annotations

import re
from collections import Counter
from html.parser import HTMLParser
from urllib.parse import urlsplit

import pytest

from tests import cast

EACH = 5  # pages looked at of each kind
MOST = 400
LOADING = ("src", "srcset", "action", "formaction", "poster", "data", "background", "ping", "cite", "manifest")
CSS = re.compile(r"(?:url\(|@import)\s*['\"]?([^'\")\s;]+)", re.IGNORECASE)


class Addresses(HTMLParser):
    """Where a page leads (`links`) and what in it names another host without being a plain link (`foreign`)."""

    def __init__(self, text):
        super().__init__()
        self.links, self.foreign, self.sources = [], [], []
        self._in_style = False
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        values = {key: value or "" for key, value in attrs}
        self._in_style = tag == "style"
        loading = [values[key] for key in LOADING if key in values] + CSS.findall(values.get("style", ""))
        if tag == "meta" and values.get("http-equiv", "").lower() == "refresh":
            loading.append(values.get("content", "").partition("=")[2])
        href = values.get("href", values.get("xlink:href", ""))
        if tag == "a":
            self.links.append(href)
            if leaves(href):
                self.sources.append((href, values.get("rel", "")))
        else:
            loading.append(href)
        self.foreign += [(tag, one) for one in loading if leaves(one)]

    def handle_data(self, data):
        if self._in_style:
            self.foreign += [("style", one) for one in CSS.findall(data) if leaves(one)]


def leaves(address):
    parts = urlsplit(address.strip())
    if parts.scheme in ("data", "mailto", "tel"):
        return False
    return bool(parts.netloc or parts.scheme) and parts.netloc != "localhost"


def crawl(app, client, starts):
    """Every kind of page that links lead to, as (address, Addresses)."""
    rules, seen, kinds, waiting = app.url_map.bind("localhost"), set(starts), Counter(), list(starts)
    found, styles = [], set()
    while waiting and len(found) < MOST:
        path = waiting.pop(0)
        answer = client.get(path)
        if answer.status_code != 200 or answer.mimetype != "text/html":
            continue
        page = Addresses(answer.get_data(as_text=True))
        found.append((path, page))
        styles |= set(re.findall(r'href="(/[^"]+\.css[^"]*)"', answer.get_data(as_text=True)))
        for link in page.links:
            target = urlsplit(link)
            address = target.path + (f"?{target.query}" if target.query else "")
            if target.netloc or not target.path.startswith("/") or address in seen or "sign-out" in address:
                continue
            seen.add(address)
            try:
                endpoint = rules.match(target.path, "GET")[0]
            except Exception:
                continue
            kinds[endpoint] += 1
            if kinds[endpoint] <= EACH:
                waiting.append(address)
    return found, styles


@pytest.mark.parametrize(
    ("login", "starts", "least"),
    [
        (None, ("/", "/sign-in", "/contests"), 5),
        ("hocvien1", ("/", "/me", "/me/consents", "/me/requests", "/me/looks"), 20),
        ("quantri1", ("/admin", "/admin/privacy", "/admin/audit?check=1", "/admin/imports", "/admin/roles"), 40),
    ],
)
def test_it_asks_no_other_host_for_anything(demo, login, starts, least):
    client = demo.test_client()
    if login:
        cast.sign_in(demo, client, login)
    pages, styles = crawl(demo, client, starts)
    assert len(pages) >= least, [path for path, _ in pages]
    assert {path: page.foreign for path, page in pages if page.foreign} == {}
    untold = {href for _, page in pages for href, rel in page.sources if "noreferrer" not in rel.split()}
    assert untold == set()
    for path in styles:
        answer = client.get(path)
        assert answer.status_code == 200, path
        assert not [one for one in CSS.findall(answer.get_data(as_text=True)) if leaves(one)], path


def test_it_would_notice_an_address_of_another_host():
    page = Addresses(
        '<link href="//cdn.example/a.css"><img src="https://x.example/a.png"><form action="http://y.example"></form>'
        '<style>@import "https://z.example/f.css"; b{background:url(//w.example/i)}</style><p style="background:url(https://v.example/i)">'
        '<meta http-equiv="refresh" content="0;url=https://u.example"><a href="https://s.example/source" rel="noopener">s</a>'
        '<img src="/a.png"><a href="/b">b</a><script src="/c.js"></script><svg><use xlink:href="https://t.example/i"></use></svg>'
    )
    hosts = {re.search(r"([a-z]+)\.example", one).group(1) for _, one in page.foreign}
    assert hosts == {"cdn", "x", "y", "z", "w", "v", "u", "t"}
    assert page.sources == [("https://s.example/source", "noopener")]
