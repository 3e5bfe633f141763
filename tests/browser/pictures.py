"""Takes the pictures of docs/img from a running site: `python -m tests.browser.pictures http://127.0.0.1:8000 PASSWORD`."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

from tests.browser.conftest import ARGUMENTS, CHROMIUM, SIZES

TARGET = Path(__file__).parents[2] / "docs" / "img"
CONTEST = "/contests/tim-hieu-cac-ky-dai-hoi-dang"
PICTURES = [  # name, who, address, size, theme
    ("home-desktop", "hocvien1", "/", "desktop", "light"),
    ("home-phone", "hocvien1", "/", "phone", "light"),
    ("home-phone-dark", "hocvien1", "/", "phone", "dark"),
    ("course-desktop", "hocvien1", "/courses/boi-duong-nhan-thuc-ve-dang", "desktop", "light"),
    ("lesson-phone", "hocvien1", "/courses/boi-duong-nhan-thuc-ve-dang/lessons/5?part=2", "phone", "light"),
    ("contest-desktop", None, CONTEST, "desktop", "light"),
    ("contest-phone", None, CONTEST, "phone", "light"),
    ("standings-desktop", "hocvien1", f"{CONTEST}/rounds/1/standings", "desktop", "light"),
    ("standings-screen", "hocvien1", f"{CONTEST}/rounds/1/standings/screen", "desktop", "light"),
    ("admin-desktop", "quantri1", "/admin", "desktop", "light"),
    ("members-desktop", "daotao1", "/admin/members", "desktop", "light"),
    ("class-desktop", "daotao1", "/admin/classes/1", "desktop", "light"),
    ("round-desktop", "cuocthi1", f"/admin{CONTEST}/rounds/1", "desktop", "light"),
    ("questions-desktop", "thamdinh1", "/admin/questions/cac-ky-dai-hoi-dang", "desktop", "light"),
    ("quizzes-desktop", "thamdinh1", "/admin/quizzes", "desktop", "light"),
    # After `flask quizzes statistics round:tim-hieu-cac-ky-dai-hoi-dang:1`.
    ("statistics-desktop", "cuocthi1", "/admin/quizzes/round:tim-hieu-cac-ky-dai-hoi-dang:1/statistics", "desktop", "light"),
    ("sign-in-phone", None, "/sign-in", "phone", "light"),
]


def sign_in(page: Any, site: str, login: str, password: str) -> None:
    page.goto(f"{site}/sign-in")
    page.get_by_label("Tên đăng nhập").fill(login)
    page.get_by_label("Mật khẩu").fill(password)
    page.get_by_role("button", name="Đăng nhập", exact=True).click()
    page.wait_for_url(lambda url: "/sign-in" not in url)


def main(site: str, password: str) -> None:
    from playwright.sync_api import sync_playwright

    TARGET.mkdir(exist_ok=True)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        for name, login, address, size, theme in PICTURES:
            width, height = SIZES[size]
            context = browser.new_context(viewport={"width": width, "height": height}, locale="vi-VN", color_scheme=theme)
            page = context.new_page()
            if login:
                sign_in(page, site, login, password)
            page.goto(site + address)
            page.screenshot(path=TARGET / f"{name}.png")
            context.close()
        for size in SIZES:
            context = browser.new_context(viewport={"width": SIZES[size][0], "height": SIZES[size][1]}, locale="vi-VN")
            page = context.new_page()
            sign_in(page, site, "hocvien2", password)
            page.goto(f"{site}{CONTEST}/rounds/2")
            page.locator("main .button-main").click()
            page.locator("[data-options] label").nth(1).click()
            page.locator("[data-saved-line]", has_text="Đã lưu lúc").wait_for()
            page.screenshot(path=TARGET / f"sitting-{size}.png")
            context.close()
        browser.close()


if __name__ == "__main__":
    main(*sys.argv[1:3])
