"""Pictures: real ones only, written anew, and given back to those signed in."""

from __future__ import annotations

import io
import struct
import zlib

import pytest
from PIL import Image

from elearn.core import blobs, clock
from elearn.core.db import transaction
from elearn.lib.errors import InvalidInput
from elearn.questions.rules.pictures import redraw
from elearn.questions.services import keep_picture


def picture(kind: str = "PNG", size: tuple[int, int] = (40, 30), mode: str = "RGB", **more: object) -> bytes:
    out = io.BytesIO()
    Image.new(mode, size, 120 if mode in ("L", "P", "1") else None).save(out, kind, **more)
    return out.getvalue()


def claimed(width: int, height: int) -> bytes:
    """A PNG that says it is that large and holds next to nothing."""

    def chunk(name: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))

    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(b"\0")) + chunk(b"IEND", b"")


@pytest.mark.parametrize(
    ("kind", "mimetype"), [("PNG", "image/png"), ("JPEG", "image/jpeg"), ("GIF", "image/png"), ("WEBP", "image/webp")]
)
@pytest.mark.parametrize("mode", ["RGB", "L", "P", "RGBA", "CMYK", "1"])
def test_it_writes_every_kind_anew(kind, mimetype, mode):
    try:
        data = picture(kind, mode=mode)
    except (OSError, ValueError):
        pytest.skip(f"{kind} has no {mode}")
    kept = redraw(data)
    assert (kept.mimetype, kept.width, kept.height) == (mimetype, 40, 30)
    with Image.open(io.BytesIO(kept.data)) as again:
        assert again.get_format_mimetype() == mimetype


def test_it_takes_out_what_a_picture_says_of_its_maker():
    exif = Image.Exif()
    exif[0x010F], exif[0x0112] = "Canary camera", 6
    kept = redraw(picture("JPEG", exif=exif, comment=b"Canary comment"))
    assert b"Canary" not in kept.data
    assert (kept.width, kept.height) == (30, 40)  # turned upright
    assert b"Canary" not in redraw(picture("PNG") + b"Canary tail").data


def test_it_makes_large_pictures_smaller():
    kept = redraw(picture(size=(4000, 1000)))
    assert (kept.width, kept.height) == (2000, 500)


def test_it_keeps_what_is_clear():
    out = io.BytesIO()
    Image.new("RGBA", (10, 10), (0, 0, 0, 0)).save(out, "PNG")
    with Image.open(io.BytesIO(redraw(out.getvalue()).data)) as again:
        assert again.convert("RGBA").getpixel((0, 0))[3] == 0


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"<svg xmlns='http://www.w3.org/2000/svg'><script/></svg>", "svg"), (b"<?xml version='1.0'?><svg/>", "svg"), (b"GIF89a", "broken"),
        (b"%PDF-1.7", "no_picture"), (b"", "no_picture"), (b"\x89PNG\r\n\x1a\n" + b"x" * 50, "broken"), (claimed(60_000, 60_000), "too_many_pixels"),
        (claimed(8000, 6000), "too_many_pixels"), (claimed(200, 200), "broken"), (b"RIFF\0\0\0\0WEBPxxxx", "broken"), (b"\xff\xd8\xff\xe0", "broken"),
    ],
)  # fmt: skip
def test_it_refuses_in_words_what_is_no_picture(data, code):
    with pytest.raises(InvalidInput) as refusal:
        redraw(data)
    assert refusal.value.code == code
    assert refusal.value.field == "picture"


def keep(data: bytes) -> str:
    with transaction() as session:
        return keep_picture(session, data, 7, clock.now())


def test_it_keeps_the_same_picture_once_and_knows_its_own_again(app):
    digest = keep(picture("JPEG"))
    assert keep(picture("JPEG")) == digest
    assert keep(blobs.fetch(digest)) == digest


def test_it_gives_pictures_to_those_signed_in(app, as_):
    digest = keep(picture())
    answer = as_("hanh").get(f"/media/{digest}")
    assert answer.status_code == 200
    assert answer.mimetype == "image/png"
    assert "immutable" in answer.headers["Cache-Control"]
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert as_().get(f"/media/{digest}").status_code == 302
    for wrong in ("0" * 64, "x", f"{digest}0"):
        assert as_("hanh").get(f"/media/{wrong}").status_code == 404
