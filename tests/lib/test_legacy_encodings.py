"""Legacy Vietnamese encodings: there and back for every letter, and nothing else is touched."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from elearn.lib.legacy_encodings import TCVN3, VNI, convert_legacy, decode, detect_legacy, is_syllable, to_tcvn3, to_vni
from tests.members.importing.books import PLAIN_CSV, to_windows_1258

VOWELS = "aăâeêioôơuưy"
TONES = ("", "\u0300", "\u0301", "\u0303", "\u0309", "\u0323")
SMALL = [unicodedata.normalize("NFC", vowel + tone) for vowel in VOWELS for tone in TONES] + ["đ"]
ENCODERS = {TCVN3: to_tcvn3, VNI: to_vni}
SYLLABLES = [
    "nguyễn",
    "trần",
    "lê",
    "phạm",
    "hoàng",
    "huỳnh",
    "phan",
    "vũ",
    "võ",
    "đặng",
    "bùi",
    "đỗ",
    "hồ",
    "ngô",
    "dương",
    "lý",
    "văn",
    "thị",
    "hữu",
    "đức",
    "minh",
    "ngọc",
    "ánh",
    "bình",
    "châu",
    "dũng",
    "giang",
    "hà",
    "hạnh",
    "khánh",
    "linh",
    "mai",
    "nguyệt",
    "phương",
    "quỳnh",
    "sơn",
    "thảo",
    "tuyết",
    "uyên",
    "vượng",
    "xuân",
    "yến",
    "ỷ",
    "ưng",
    "ổn",
    "ẩn",
    "ấn",
    "ước",
    "đình",
    "quý",
    "quốc",
    "thuỷ",
    "toàn",
    "khoẻ",
    "loan",
    "tuấn",
    "khuê",
    "huệ",
    "giảng",
    "gìn",
    "nghĩa",
    "nghị",
    "ghềnh",
]
WORDS = st.sampled_from([syllable for syllable in SYLLABLES if not syllable.isascii()])


@pytest.mark.parametrize("kind", ENCODERS)
@pytest.mark.parametrize("letter", SMALL)
def test_it_converts_every_letter_back(kind, letter):
    small, capital = f"b{letter}n", f"B{letter.upper()}N"
    assert convert_legacy(ENCODERS[kind](small), kind)[0] == small
    assert convert_legacy(ENCODERS[kind](capital), kind)[0] == capital


@given(
    words=st.lists(WORDS, min_size=2, max_size=5),
    kind=st.sampled_from(list(ENCODERS)),
    shape=st.sampled_from([str.title, str.upper]),
)
@example(words=["dũng", "ẩn"], kind=TCVN3, shape=str.title)
@example(words=["hồ", "thị", "quý", "bình", "sơn"], kind=VNI, shape=str.upper)
def test_it_gives_names_back(words, kind, shape):
    name = " ".join(shape(word) for word in ("Nguyễn", *words))
    encoded = ENCODERS[kind](name)
    assert detect_legacy([encoded]) == kind
    assert convert_legacy(encoded) == (name, kind)


@given(words=st.lists(st.sampled_from(SYLLABLES), min_size=1, max_size=6), kind=st.sampled_from([None, TCVN3, VNI]))
def test_it_leaves_proper_names_alone(words, kind):
    name = " ".join(word.title() for word in (*words, "Nguyễn"))
    assert convert_legacy(name, kind) == (name, "")
    assert detect_legacy([name]) == ""


@pytest.mark.parametrize(
    "text",
    [
        "Café Noël à Hà Nội",
        "élève François garçon déjà vu",
        "Où êtes-vous? Ça va très bien, merci à tous.",
        "naïve résumé Zaïre",
        "São Tomé",
        "Übergröße für Mädchen",
        "Lê Hà",
        "Vân",
        "dû",
        "",
        "An",
        "25 °C ± 3 µm",
    ],
)
def test_it_leaves_other_languages_alone(text):
    assert convert_legacy(text) == (text, "")


def test_it_decides_for_a_column():
    column = [to_tcvn3(name) for name in ("Lê Văn Hà", "Trần Thị Bưởi", "Đỗ Đức")]
    assert detect_legacy([*column, "Nguyễn Văn An"]) == TCVN3
    assert detect_legacy(["Nguyễn Văn An", "Trần Thị Bưởi", "Đỗ Đức", "dû"]) == ""
    assert convert_legacy("Nguyễn Văn An", TCVN3) == ("Nguyễn Văn An", "")
    assert convert_legacy(to_tcvn3("Lê"), TCVN3)[0] == "Lê"


@pytest.mark.parametrize(
    ("data", "encoding"),
    [
        (PLAIN_CSV.encode(), "utf-8"), (PLAIN_CSV.encode("utf-8-sig"), "utf-8"), (unicodedata.normalize("NFD", PLAIN_CSV).encode(), "utf-8"), (PLAIN_CSV.encode("utf-16"), "utf-16"),
        (PLAIN_CSV.encode("utf-16-le"), "utf-16"), (PLAIN_CSV.encode("utf-16-be"), "utf-16"), (to_windows_1258(PLAIN_CSV), "windows-1258"), (to_tcvn3(PLAIN_CSV).encode("latin-1"), TCVN3),
        (to_vni(PLAIN_CSV).encode("latin-1"), VNI), (to_tcvn3(PLAIN_CSV).encode(), TCVN3),
    ],
)  # fmt: skip
def test_it_decodes_files(data, encoding):
    decoded = decode(data)
    assert decoded.encoding == encoding
    assert decoded.text == PLAIN_CSV


def test_it_reads_western_text_as_such():
    assert decode("élève;François\nNoël;été".encode("cp1252")).text == "élève;François\nNoël;été"


@given(st.binary(max_size=300))
def test_it_never_fails_on_bytes(data):
    decode(data)


@given(st.text(max_size=60), st.sampled_from([None, TCVN3, VNI]))
def test_it_never_fails_on_text(text, kind):
    convert_legacy(text, kind)


def test_it_knows_syllables():
    assert all(map(is_syllable, SYLLABLES))
    assert not any(map(is_syllable, ("noël", "café", "tôt", "françois", "mac", "strong")))
