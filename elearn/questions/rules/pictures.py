"""Pictures that people upload: recognised by their bytes, decoded for real, and written anew without what they carry besides."""

from __future__ import annotations

import io
import warnings
from dataclasses import dataclass

from PIL import Image, ImageOps

from elearn.lib.errors import InvalidInput

LONGEST_SIDE = 2000
MOST_PIXELS = 40_000_000
LARGEST_BYTES = 10 * 1024 * 1024
KINDS = {"PNG": "image/png", "JPEG": "image/jpeg", "GIF": "image/gif", "WEBP": "image/webp"}
_MAGIC = ((b"\x89PNG\r\n\x1a\n", "PNG"), (b"\xff\xd8\xff", "JPEG"), (b"GIF87a", "GIF"), (b"GIF89a", "GIF"))


@dataclass(frozen=True)
class Picture:
    """A picture as it is kept."""

    data: bytes
    mimetype: str
    width: int
    height: int


def kind_of(data: bytes) -> str | None:
    """ "PNG", "JPEG", "GIF", "WEBP" or "SVG" by the first bytes; None for anything else."""
    for magic, kind in _MAGIC:
        if data.startswith(magic):
            return kind
    if data[:4] == b"RIFF" and data[8:12] == b"WEBP":
        return "WEBP"
    return "SVG" if b"<svg" in data[:2000].lower() else None


def redraw(data: bytes) -> Picture:
    """The picture written anew, at most 2000 pixels a side, turned upright, without EXIF; of a moving one the first frame.

    Raises InvalidInput, in words, for what is no PNG, JPEG, GIF or WebP, is broken, or is too large; a picture of more than 40 million
    pixels is refused before it is decoded.
    """
    kind = kind_of(data)
    if kind == "SVG":
        raise InvalidInput("svg", "Hình SVG có thể chứa mã chạy được nên không nhận. Hãy xuất hình ra PNG rồi tải lên.", "picture")
    if kind is None:
        raise InvalidInput("no_picture", "Tệp này không phải hình PNG, JPEG, GIF hay WebP.", "picture")
    if len(data) > LARGEST_BYTES:
        raise InvalidInput("too_large", "Hình lớn hơn 10 MB. Hãy thu nhỏ rồi tải lên.", "picture")
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # our own limit below is stricter than the library's warning
            with Image.open(io.BytesIO(data), formats=[kind]) as opened:
                if opened.width * opened.height > MOST_PIXELS:
                    raise InvalidInput("too_many_pixels", "Hình có hơn 40 triệu điểm ảnh. Hãy thu nhỏ rồi tải lên.", "picture")
                opened.load()
                drawn = ImageOps.exif_transpose(opened)
                return _written(drawn, kind)
    except Image.DecompressionBombError:
        raise InvalidInput("too_many_pixels", "Hình có hơn 40 triệu điểm ảnh. Hãy thu nhỏ rồi tải lên.", "picture") from None
    except InvalidInput:
        raise
    except Exception:  # a broken picture fails in as many ways as there are decoders
        raise InvalidInput("broken", "Hình bị hỏng, không mở được. Hãy lưu lại hình rồi tải lên.", "picture") from None


def _written(drawn: Image.Image, kind: str) -> Picture:
    is_clear = drawn.mode in ("RGBA", "LA", "PA") or "transparency" in drawn.info
    if kind == "JPEG":
        drawn = drawn if drawn.mode in ("L", "RGB") else drawn.convert("RGB")
    elif max(drawn.size) > LONGEST_SIDE or drawn.mode not in ("1", "L", "LA", "P", "RGB", "RGBA") or kind != "PNG":
        drawn = drawn.convert("RGBA" if is_clear else "RGB")
    drawn.thumbnail((LONGEST_SIDE, LONGEST_SIDE))
    out = io.BytesIO()
    # A copy of the bare pixels: no EXIF, comment, profile or frames can come along.
    bare = Image.new(drawn.mode, drawn.size)
    if drawn.mode == "P":
        bare.putpalette(drawn.getpalette() or [])
    bare.paste(drawn)
    if kind == "JPEG":
        bare.save(out, "JPEG", quality=88, optimize=True)
    elif kind == "WEBP":
        bare.save(out, "WEBP", quality=88, method=4)
    else:
        keeps = {"transparency": drawn.info["transparency"]} if drawn.mode == "P" and "transparency" in drawn.info else {}
        bare.save(out, "PNG", optimize=True, **keeps)
        kind = "PNG"
    return Picture(out.getvalue(), KINDS[kind], bare.width, bare.height)
