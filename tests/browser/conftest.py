"""A real server on the demo organisation, and real Chromium at the width of a phone and of a desktop."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from tests.conftest import POSTGRESQL, cannot_run

ROOT = Path(__file__).parents[2]
PASSWORD = "lua-nuoc-tre-xanh"
CHROMIUM = next((path for name in ("chromium", "chromium-browser", "google-chrome") if (path := shutil.which(name))), None)
ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
"""Sets of rules of axe. Only what breaks one is collected: gathering all that keeps them takes five times as long as the examination."""
SIZES = {"phone": (390, 844), "desktop": (1440, 900)}


@dataclass
class Site:
    """A running server: its address, and what is needed to look behind it."""

    url: str
    environment: dict[str, str]
    password: str = PASSWORD

    def flask(self, *arguments: str) -> str:
        """Run a `flask` command against the site's database and return what it prints."""
        done = subprocess.run(
            [sys.executable, "-m", "flask", *arguments], cwd=ROOT, env=self.environment, capture_output=True, text=True, timeout=300
        )
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest.fixture(scope="session")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """The demo organisation with 300 members, served by granian."""
    if CHROMIUM is None:
        cannot_run("browser", "no Chromium is installed")
    data = tmp_path_factory.mktemp("site")
    environment = {
        **{name: value for name, value in os.environ.items() if not name.startswith("ELEARN_") or name.startswith("ELEARN_TEST_")},
        "ELEARN_DATA_DIR": str(data),
        "ELEARN_DEMO_PASSWORD": PASSWORD,
        "PYTHONUNBUFFERED": "1",
    }
    if POSTGRESQL:
        base = sa.make_url(POSTGRESQL)
        engine = sa.create_engine(base, isolation_level="AUTOCOMMIT")
        name = f"{base.database}_browser_{os.getpid()}"
        with engine.connect() as connection:
            connection.execute(sa.text(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)'))
            connection.execute(sa.text(f'CREATE DATABASE "{name}"'))
        engine.dispose()
        environment["ELEARN_DATABASE_URL"] = base.set(database=name).render_as_string(hide_password=False)
    port = free_port()
    running = Site(f"http://127.0.0.1:{port}", environment)
    running.flask("db", "upgrade")
    running.flask("demo", "load", "--members", "300", "--seed", "1")
    server = subprocess.Popen(
        [
            sys.executable, "-m", "granian", "--interface", "wsgi", "--host", "127.0.0.1", "--port", str(port), "--workers", "1",
            "--blocking-threads", "8", "--log-level", "warning", "wsgi:app",
        ],
        cwd=ROOT, env=environment,
    )  # fmt: skip
    try:
        for _ in range(600):
            try:
                urllib.request.urlopen(f"{running.url}/readyz", timeout=1)
                break
            except OSError:
                time.sleep(0.1)
        yield running
    finally:
        server.terminate()
        server.wait(timeout=20)


@pytest.fixture(scope="session")
def chromium(site: Site) -> Iterator[Any]:
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        yield browser
        browser.close()


@dataclass
class Visitor:
    """Somebody at a browser; every page they look at is examined by axe and for faults of the page itself."""

    page: Any
    site: Site
    size: str
    faults: list[str] = field(default_factory=list)

    def go(self, path: str) -> None:
        self.page.goto(self.site.url + path)
        self.look()

    def look(self) -> None:
        """Examine the page as it is now: WCAG 2.2 AA, nothing wider than the window, nothing from elsewhere."""
        from axe_playwright_python.sync_playwright import Axe

        found = Axe().run(self.page, options={"runOnly": RULES, "resultTypes": ["violations"]})
        summary = [f"{v['id']}: {[node['target'] for node in v['nodes']][:3]}" for v in found.response["violations"]]
        assert not summary, f"{self.page.url}: {summary}"
        too_wide = self.page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        assert too_wide <= 0, f"{self.page.url} is {too_wide} px too wide"
        assert not self.faults, self.faults

    def sign_in(self, login: str) -> None:
        self.page.goto(f"{self.site.url}/sign-in")
        self.page.get_by_label("Tên đăng nhập").fill(login)
        self.page.get_by_label("Mật khẩu").fill(self.site.password)
        self.page.get_by_role("button", name="Đăng nhập").click()
        self.page.wait_for_url(lambda url: "/sign-in" not in url)

    def press(self, name: str) -> None:
        """Press the button or link of that name and wait for what follows."""
        named = [self.page.get_by_role(role, name=name, exact=True) for role in ("button", "link")]
        target = named[0].or_(named[1]).locator("visible=true").first
        target.click()
        self.page.wait_for_load_state("load")


@pytest.fixture(params=["phone"] if POSTGRESQL else list(SIZES))  # a window is as wide on either database
def visitor(request: pytest.FixtureRequest, site: Site, chromium: Any) -> Iterator[Visitor]:
    yield from new_visitor(chromium, site, request.param)


def new_visitor(chromium: Any, site: Site, size: str, scheme: str = "light") -> Iterator[Visitor]:
    """A fresh browser context; console errors, refused scripts and foreign requests are faults."""
    width, height = SIZES[size]
    context = chromium.new_context(
        viewport={"width": width, "height": height}, locale="vi-VN", color_scheme=scheme, timezone_id="Asia/Ho_Chi_Minh",
        has_touch=size == "phone",
    )  # fmt: skip
    context.set_default_timeout(15_000)
    page = context.new_page()
    someone = Visitor(page, site, size)
    page.on("pageerror", lambda error: someone.faults.append(f"script: {error}"))
    page.on("console", lambda line: someone.faults.append(f"console: {line.text}") if "Content Security" in line.text else None)
    page.on("request", lambda sent: None if sent.url.startswith((site.url, "data:", "blob:")) else someone.faults.append(sent.url))
    yield someone
    context.close()


@pytest.fixture
def comes(site: Site, chromium: Any) -> Iterator[Any]:
    """`comes("daotao1")` is that person at a desktop, `comes("hocvien1", "phone")` somebody with a phone, `comes("")` nobody who is known."""
    opened = []

    def come(login: str, size: str = "desktop") -> Visitor:
        visits = new_visitor(chromium, site, size)
        visitor = next(visits)
        opened.append(visits)
        if login:
            visitor.sign_in(login)
        return visitor

    yield come
    for visits in opened:
        next(visits, None)
