"""Texts of questions on one line of a list."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from elearn.questions.rules.texts import in_a_list, plain, rich


@pytest.mark.parametrize(
    ("written", "shown"),
    [
        ("Những điều đảng viên **không được làm**?", "Những điều đảng viên không được làm?"),
        ("Câu *nghiêng*, câu _nghiêng_, __đậm__ và `mã`", "Câu nghiêng, câu nghiêng, đậm và mã"),
        ("Theo [Quy định 37](https://hoc.example/37), đúng hay sai?", "Theo Quy định 37, đúng hay sai?"),
        ("2*3*4 và 5 * 6 * 7", "2*3*4 và 5 * 6 * 7"),
        ("ten_cua_bien và {tat_ca}", "ten_cua_bien và {tat_ca}"),
        (r"Dấu \*sao\* và 3\. điểm", "Dấu *sao* và 3. điểm"),
        (r"Biết \(x^2 = 4\), tìm $$x$$", "Biết x^2 = 4, tìm x"),
        ("Ban hành ngày {#1} tháng {#thang}", "Ban hành ngày … tháng …"),
        ("Xem ![bản đồ Ma Cao](@@PLUGINFILE@@/a.png) rồi trả lời", "Xem bản đồ Ma Cao rồi trả lời"),
        (rich("<p>Chữ **đậm**</p>", "html"), "Chữ **đậm**"),
        (rich("Chữ **đậm**", "plain"), "Chữ **đậm**"),
        (None, ""),
    ],
)
def test_it_shows_a_text_on_one_line(written, shown):
    assert in_a_list(written) == shown


@given(st.text(alphabet="abđ *_`\\[](){}#$1.\n", max_size=60))
def test_it_only_takes_signs_away(text):
    found = in_a_list(text)
    assert "\n" not in found
    assert [one for one in found if one.isalnum()] == [one for one in plain(text) if one.isalnum()] or "…" in found or "](" in text
