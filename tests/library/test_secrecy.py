"""Marks of secrecy are recognised where they stand, and not in running text."""

from __future__ import annotations

import pytest

from elearn.library.rules.secrecy import find_mark, is_secret_number


@pytest.mark.parametrize(
    "line",
    [
        "MẬT", "Tối mật", "TUYỆT MẬT", " - MẬT - ", "[TỐI MẬT]", "Độ mật: Tuyệt mật", "Độ mật: Mật", "TÀI LIỆU MẬT", "T Ố I M Ậ T", "M Ậ T",
        "MẬT ĐẢNG CỘNG SẢN VIỆT NAM", "Số 12-CV/TU-M", "Số: 7-BC/ĐU (TM)", "SỐ 03-KH/BTC MẬT", "MA\u0323\u0302T",
    ],
)  # fmt: skip
def test_it_finds_a_mark(line):
    assert find_mark(["TỈNH UỶ AN SƠN", "", line, "Kế hoạch"])


@pytest.mark.parametrize(
    "line",
    [
        "VỀ BẢO VỆ BÍ MẬT NHÀ NƯỚC", "Luật Bảo vệ bí mật nhà nước", "Cơ mật viện", "NGHỀ NUÔI ONG LẤY MẬT", "Mật độ dân số", "Hoạt động bí mật của chi bộ",
        "Số 12-CV/TU", "Số 05-KH/ĐU", "12-QĐ/UBND-TM", "tài liệu mật của địch bị thu", "Thư mật",
    ],
)  # fmt: skip
def test_it_leaves_alone_what_is_no_mark(line):
    assert find_mark(["TỈNH UỶ AN SƠN", line]) == ""


def test_it_looks_near_the_head_only():
    assert find_mark([*["dòng"] * 60, "MẬT"]) == ""


@pytest.mark.parametrize(
    ("number", "is_secret"),
    [("12-CV/TU-M", True), ("12 - CV / TU - M", True), ("12-CV/TU", False), ("05-CT/TW", False), ("", False)],
)
def test_it_knows_a_secret_number(number, is_secret):
    assert is_secret_number(number) is is_secret
