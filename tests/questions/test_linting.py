"""Each rule of the linter: what it finds, and what it leaves alone."""

from __future__ import annotations

import json

import pytest

from elearn.questions.rules.linting import OUTSIDE, RULES, TENDENCIES, Item, lint, lint_bank
from tests.questions.banked import draft, make_bank, make_documents, put

LONG = "Vinh Quang, huyện Chiêm Hoá, tỉnh Tuyên Quang"


def choice(*options: str, right: int = 0, text: object = "Họp ở đâu?", kind: str = "single_choice", **more: object) -> Item:
    body = {"options": [{"text": words, **({"right": True} if place == right else {})} for place, words in enumerate(options)]}
    return Item(kind, text, body, **{"explanation": "Vì", "has_source": True, **more})


FOUND = {
    "longest_is_key": choice(LONG, "Cao Bằng", "Hà Nội"),
    "negative_stem": choice("a b", "c d", "e f", text="Điều nào sau đây không phải nhiệm vụ?"),
    "all_or_none": choice("Ma Cao", "Hà Nội", "Tất cả các đáp án trên"),
    "letter_reference": choice("Ma Cao", "Hà Nội", "Cả A và B"),
    "overlapping_options": choice("Từ 10 đến 20 người", "Từ 15 đến 30 người", "Trên 40 người"),
    "option_count": choice("Ma Cao", "Hà Nội"),
    "absolute_words": choice("Phục vụ nhân dân", "Luôn luôn đúng", "Làm theo ý mình"),
    "long_stem": choice("a b", "c d", "e f", text="chữ " * 81),
    "missing_alt": choice("a b", "c d", "e f", text="Hình ![](@@PLUGINFILE@@/a.png)?"),
    "missing_source": choice("a b", "c d", "e f", has_source=False),
    "missing_explanation": choice("a b", "c d", "e f", explanation=" "),
}


def test_it_has_a_case_for_every_rule():
    assert set(FOUND) | set(OUTSIDE) == set(RULES)


@pytest.mark.parametrize(("key", "item"), FOUND.items(), ids=list(FOUND))
def test_it_finds_it_and_says_so_in_words(key, item):
    found = lint(item)
    assert set(found) == {key}
    said = RULES[key].words % found[key]
    assert "%" not in said
    assert RULES[key].name and RULES[key].advice


SOUND = {
    "longest_is_key": [choice(LONG, LONG + " cũ", "Hà Nội"), choice("Ma Cao", LONG, "Hà Nội"), choice("a" * 13, "b" * 12, "c" * 9)],
    "negative_stem": [
        choice("a b", "c d", "e f", text="Điều nào **không phải** nhiệm vụ?"), choice("a b", "c d", "e f", text="Điều nào KHÔNG phải nhiệm vụ?"),
        choice("a b", "c d", "e f", text={"text": "Điều nào <b>không phải</b> nhiệm vụ?", "format": "html"}),
        choice("a b", "c d", "e f", text="Đảng viên có được làm việc này không?"), choice("a b", "c d", "e f", text="Uỷ ban Kiểm tra, kiểm trừ gì?"),
        Item("essay", "Vì sao không phải như vậy?", {}, "", True),
    ],
    "all_or_none": [choice("Tất cả cán bộ, đảng viên", "Hà Nội", "Ma Cao"), choice("Không có đồng chí nào vắng", "Hà Nội", "Ma Cao")],
    "letter_reference": [choice("Vitamin A", "Hà Nội", "Ma Cao"), choice("Khối A, Khối B", "Hà Nội", "Ma Cao")],
    "overlapping_options": [
        choice("Từ 10 đến 20 người", "Từ 21 đến 30 người", "Trên 30 người"), choice("Dưới 10%", "Từ 10% đến 20%", "Trên 20%"), choice("5", "15", "25"),
        choice("Từ 10 đến 20 người", "Từ 15 đến 30 ngày", "Trên 40 tuổi"), choice("Năm 1930", "Năm 1945", "Năm 1954"),
    ],
    "option_count": [choice("a b", "c d", "e f"), choice(*"abcdefg", kind="multiple_choice")],
    "absolute_words": [choice("Luôn gần dân", "Luôn luôn đúng", "Làm theo ý mình")],
    "missing_alt": [choice("a b", "c d", "e f", text={"text": "<img src='x' alt='Bản đồ'>", "format": "html"})],
    "missing_source": [Item("description", "Đoạn", {}, "", False)],
    "missing_explanation": [Item("essay", "Viết", {}, "", True)],
}  # fmt: skip


@pytest.mark.parametrize(("key", "item"), [(key, item) for key, items in SOUND.items() for item in items])
def test_it_leaves_alone_what_is_sound(key, item):
    assert key not in lint(item)


@pytest.mark.parametrize(
    "options",
    [
        ("Hà Nội", "Hà Nội và Huế", "Vinh"),
        ("Từ 1.000 đến 2.000", "Từ 1.500 đến 3.000", "Khác"),
        ("Dưới 20", "Từ 10 đến 30", "Trên 30"),
    ],
)
def test_it_finds_options_that_hold_each_other(options):
    assert "overlapping_options" in lint(choice(*options))


def test_it_finds_a_picture_without_words_in_an_option_too():
    item = Item(
        "single_choice",
        "Câu?",
        {
            "options": [
                {"text": {"text": "<img src='a.png' alt=''>", "format": "html"}, "right": True},
                {"text": "b"},
                {"text": "c"},
            ]
        },
        "Vì",
        True,
    )
    assert lint(item)["missing_alt"] == {"count": 1}


def test_it_sees_where_the_keys_of_a_bank_stand():
    even = [choice("a", "b", "c", "d", right=place % 4) for place in range(80)]
    skewed = [choice("a", "b", "c", "d", right=2 if place % 2 else place % 4) for place in range(80)]
    assert "key_position" not in lint_bank(even)
    found = lint_bank(skewed)["key_position"]
    assert (found["label"], found["count"], found["expected"]) == ("C", 60, 20)
    assert "key_position" not in lint_bank(skewed[:15])


def test_it_sees_that_keys_tend_to_be_long_or_true():
    long = [choice("dài hơn hẳn", "ngắn", "vừa") for _ in range(30)]
    assert lint_bank(long)["longest_tendency"] == {"count": 30, "total": 30, "expected": 10}
    mixed = [choice("dài hơn hẳn", "ngắn", "vừa", right=place % 3) for place in range(30)]
    assert "longest_tendency" not in lint_bank(mixed)
    truths = [Item("true_false", "Câu", {"answer": place % 10 != 0}) for place in range(40)]
    assert lint_bank(truths)["true_false_balance"] == {"total": 40, "count": 36}
    assert "true_false_balance" not in lint_bank([Item("true_false", "Câu", {"answer": bool(place % 2)}) for place in range(40)])
    assert all(rule.words and rule.advice for rule in TENDENCIES.values())


@pytest.fixture
def bank(app):
    make_bank()
    make_documents()
    put(
        "mot",
        draft(),
        draft(text="Đại hội I của Đảng họp tại đâu?", explanation="Vì", document="nq-52"),
        draft(text="Một câu chẳng giống câu nào khác ở đây", source="Báo", explanation="Vì"),
    )
    put("mot", draft(text="Câu đã bỏ hẳn từ lâu rồi"), status="retired")


def test_it_tells_everything_as_one_json_object(bank, app):
    done = app.test_cli_runner().invoke(args=["questions", "lint", "--bank", "mot", "--json"])
    assert done.exit_code == 0
    told = json.loads(done.output)
    assert told["questions"] == 3
    assert told["counts"] == {"expired_source": 1, "missing_explanation": 1, "missing_source": 1, "near_duplicate": 2}
    assert {"question": "mot-0002", "rule": "expired_source"} in told["findings"]
    assert told["tendencies"] == []


def test_it_says_it_in_words_and_refuses_a_bank_that_is_not_there(bank, app):
    run = app.test_cli_runner()
    done = run.invoke(args=["questions", "lint", "--bank", "mot"])
    assert done.exit_code == 0
    assert "mot-0001: Câu chưa ghi nguồn." in done.output
    refused = run.invoke(args=["questions", "lint", "--bank", "khong-co", "--json"])
    assert refused.exit_code == 1
    assert json.loads(refused.output)["error"] == "no_bank"
    assert run.invoke(args=["questions", "lint", "--bank", "khong-co"]).exit_code == 1


def test_it_works_everything_out_anew(bank, app):
    run = app.test_cli_runner()
    before = run.invoke(args=["questions", "lint", "--bank", "mot", "--json"]).output
    assert run.invoke(args=["questions", "reindex"]).output.strip() == "4 câu."
    assert run.invoke(args=["questions", "reindex", "--bank", "mot"]).output.strip() == "4 câu."
    assert run.invoke(args=["questions", "reindex", "--bank", "khong-co"]).exit_code == 1
    assert run.invoke(args=["questions", "lint", "--bank", "mot", "--json"]).output == before


def test_it_has_a_page_that_leads_to_the_questions(bank, as_):
    page = as_("phuoc").get("/admin/questions/mot/lint").get_data(as_text=True)
    assert "lint=expired_source" in page
    pairs = as_("phuoc").get("/admin/questions/mot/lint?pairs=1").get_data(as_text=True)
    assert "/admin/questions/mot/mot-0002" in pairs
    listed = as_("phuoc").get("/admin/questions/mot?lint=expired_source").get_data(as_text=True)
    assert "mot-0002" in listed
    assert "mot-0001" not in listed
    assert "thay thế bởi" in listed
