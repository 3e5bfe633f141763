"""The typeface cut for the web: complete, small, of one width where figures stand in columns."""

from __future__ import annotations

import time
from pathlib import Path

import pytest
from fontTools.ttLib import TTFont

from elearn.core import assets

ALPHABET = "aăâbcdđeêghiklmnoôơpqrstuưvxyfjwz"
TONES = "áàảãạắằẳẵặấầẩẫậéèẻẽẹếềểễệíìỉĩịóòỏõọốồổỗộớờởỡợúùủũụứừửữựýỳỷỹỵ"


@pytest.fixture(scope="session")
def fonts(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("fonts")
    assets.build_fonts(folder)
    return folder


@pytest.mark.parametrize("weight", assets.STYLES)
def test_it_holds_every_vietnamese_letter(fonts: Path, weight: int) -> None:
    held = TTFont(fonts / assets.text_file(weight)).getBestCmap()
    wanted = ALPHABET + ALPHABET.upper() + TONES + TONES.upper() + "0123456789 \u00a0-\u2011–“”…₫·×"
    assert not [letter for letter in wanted if ord(letter) not in held]


@pytest.mark.parametrize("weight", assets.STYLES)
def test_it_gives_figures_one_width_under_a_name_of_their_own(fonts: Path, weight: int) -> None:
    font = TTFont(fonts / assets.figures_file(weight))
    held = font.getBestCmap()
    assert sorted(held) == list(assets.DIGITS)
    assert {font["hmtx"][name][0] for name in held.values()} == {assets.FIGURE_ADVANCE[weight]}
    assert font["name"].getDebugName(1) == "Be Vietnam Figures"
    for name in held.values():
        glyph = font["glyf"][name]
        assert abs(glyph.xMin - (assets.FIGURE_ADVANCE[weight] - glyph.xMax)) <= 1


def test_it_stays_small(fonts: Path) -> None:
    assert all((fonts / assets.text_file(weight)).stat().st_size <= 32_000 for weight in assets.STYLES)
    assert all((fonts / assets.figures_file(weight)).stat().st_size <= 2_000 for weight in assets.STYLES)


def test_it_does_nothing_the_second_time(fonts: Path) -> None:
    before = {path.name: path.stat().st_mtime_ns for path in fonts.iterdir()}
    started = time.perf_counter()
    assets.build_fonts(fonts)
    assert time.perf_counter() - started < 0.05
    assert {path.name: path.stat().st_mtime_ns for path in fonts.iterdir()} == before


def test_it_mends_a_missing_file_with_the_same_bytes(fonts: Path) -> None:
    lost = fonts / assets.figures_file(400)
    kept = {name: (fonts / name).read_bytes() for name in assets.file_names()}
    lost.unlink()
    assets.build_fonts(fonts)
    assert {name: (fonts / name).read_bytes() for name in assets.file_names()} == kept


def test_it_names_the_files_that_the_style_sheet_asks_for(fonts: Path) -> None:
    css = (Path(assets.__file__).parents[1] / "static" / "css" / "site.css").read_text()
    assert all(f"/assets/fonts/{name}" in css for name in assets.file_names())
