"""Cuts the typeface for the web: Latin and Vietnamese in WOFF2, and figures of one width."""

from __future__ import annotations

import json
import os
from importlib.metadata import version
from importlib.resources import files
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from fontTools.ttLib import TTFont

PACKAGE = "fontpkg-be-vietnam-pro"
# A higher number makes every installation cut its files again.
EDITION = 1
STYLES = {400: "Regular", 500: "Medium", 600: "SemiBold", 700: "Bold"}
# Units of 1000 an em: the typeface has no tabular figures ("1" is 385 wide, "4" 710).
FIGURE_ADVANCE = {400: 640, 500: 650, 600: 660, 700: 672}
DIGITS = range(0x30, 0x3A)
HYPHEN, NO_BREAK_HYPHEN = 0x2010, 0x2011

# Basic Latin, Latin-1, the extended letters of Vietnamese with combining marks, dashes, quotes, bullets, đồng and a few signs.
LETTERS = (
    *range(0x20, 0x7F),
    *range(0xA0, 0x100),
    *(0x102, 0x103, 0x110, 0x111, 0x128, 0x129, 0x168, 0x169, 0x1A0, 0x1A1, 0x1AF, 0x1B0),
    *(0x152, 0x153, 0x160, 0x161, 0x178, 0x17D, 0x17E),
    *(0x300, 0x301, 0x302, 0x303, 0x306, 0x309, 0x31B, 0x323),
    *range(0x1EA0, 0x1EFA),
    *(0x2011, 0x2013, 0x2014, 0x2018, 0x2019, 0x201A, 0x201C, 0x201D, 0x201E, 0x2022, 0x2026, 0x2030),
    *(0x2039, 0x203A, 0x20AB, 0x20AC, 0x2122, 0x2212, 0x2248, 0x2260, 0x2264, 0x2265),
)


def text_file(weight: int) -> str:
    return f"be-vietnam-pro-{weight}.woff2"


def figures_file(weight: int) -> str:
    return f"be-vietnam-figures-{weight}.woff2"


def file_names() -> list[str]:
    """Every file that `build_fonts` makes."""
    return [name for weight in STYLES for name in (text_file(weight), figures_file(weight))]


def build_fonts(target: Path) -> None:
    """Write the eight WOFF2 files into `target`; does nothing where they are of the installed package already.

    The same package gives the same bytes. Safe when two processes start at once: each file is moved into place.
    """
    stamp = target / "stamp.json"
    edition = json.dumps({"package": version(PACKAGE), "edition": EDITION})
    if stamp.is_file() and stamp.read_text() == edition and all((target / name).is_file() for name in file_names()):
        return
    target.mkdir(parents=True, exist_ok=True)
    for weight in STYLES:
        _put(target / text_file(weight), _text_face(weight))
        _put(target / figures_file(weight), _figures_face(weight))
    _put(stamp, edition.encode())


def _put(path: Path, data: bytes) -> None:
    scratch = path.with_name(f"{path.name}.{os.getpid()}.tmp")
    scratch.write_bytes(data)
    scratch.replace(path)


def _open(weight: int) -> TTFont:
    # Imported here: fontTools takes 100 ms to load, and only the first start of an installation needs it.
    from fontTools.ttLib import TTFont

    source = files("fontpkg_be_vietnam_pro") / "files" / f"BeVietnamPro-{STYLES[weight]}.ttf"
    # Without recalcTimestamp=False the time of building would be in the file.
    return TTFont(BytesIO(source.read_bytes()), recalcTimestamp=False)


def _subset(font: TTFont, characters: tuple[int, ...] | range, features: list[str]) -> bytes:
    from fontTools.subset import Options, Subsetter

    options = Options(layout_features=features, name_IDs=[1, 2, 4, 6], hinting=False, desubroutinize=True, notdef_outline=True)
    options.drop_tables += ["DSIG"] if features else ["DSIG", "GDEF", "GPOS", "GSUB"]
    cutter = Subsetter(options)
    cutter.populate(unicodes=characters)
    cutter.subset(font)
    font.flavor = "woff2"
    out = BytesIO()
    font.save(out, reorderTables=True)
    return out.getvalue()


def _text_face(weight: int) -> bytes:
    font = _open(weight)
    # `|nbsp` writes the no-break hyphen (294‑QĐ/TW); without a glyph it would fall back to another typeface.
    for table in font["cmap"].tables:
        if table.isUnicode() and NO_BREAK_HYPHEN not in table.cmap:
            glyph = table.cmap.get(HYPHEN) or table.cmap.get(ord("-"))
            if glyph:
                table.cmap[NO_BREAK_HYPHEN] = glyph
    return _subset(font, LETTERS, ["kern", "mark", "mkmk", "ccmp", "locl", "liga"])


def _figures_face(weight: int) -> bytes:
    """The ten digits, each centred on one advance, under a family name of its own."""
    from fontTools.pens.boundsPen import BoundsPen
    from fontTools.pens.transformPen import TransformPen
    from fontTools.pens.ttGlyphPen import TTGlyphPen

    font = _open(weight)
    advance = round(FIGURE_ADVANCE[weight] * font["head"].unitsPerEm / 1000)
    names = [font.getBestCmap()[digit] for digit in DIGITS]
    glyphs = font.getGlyphSet()
    moved = {}
    for name in names:
        bounds = BoundsPen(glyphs)
        glyphs[name].draw(bounds)
        left, _, right, _ = bounds.bounds
        shift = round((advance - (right - left)) / 2 - left)
        pen = TTGlyphPen(None)
        glyphs[name].draw(TransformPen(pen, (1, 0, 0, 1, shift, 0)))
        moved[name] = (pen.glyph(), round(left) + shift)
    for name, (glyph, bearing) in moved.items():
        font["glyf"][name] = glyph
        font["hmtx"][name] = (advance, bearing)
    for record in font["name"].names:
        if record.nameID in (1, 4, 6, 16):
            record.string = "BeVietnamFigures" if record.nameID == 6 else "Be Vietnam Figures"
    return _subset(font, DIGITS, [])
