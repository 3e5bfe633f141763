"""Zip archives from outside: nothing is unpacked before the directory is believable, and nothing beyond what it says."""

from __future__ import annotations

import io
import stat
import struct
import zipfile
import zlib
from dataclasses import dataclass

from elearn.lib.errors import InvalidInput

MAX_ENTRIES = 5_000
MAX_TOTAL_BYTES = 300 * 1024 * 1024
MAX_RATIO = 100
MAX_NAME = 255
_RATIO_COUNTS_FROM = 1024 * 1024  # small parts of repeated text shrink beyond any ratio and harm nobody
_MAX_DIRECTORY_BYTES = 4 * 1024 * 1024
_CHUNK = 1024 * 1024
_SLICE = 64 * 1024
_END_RECORD = b"PK\x05\x06"
_LOCAL_HEADER_BYTES = 30
_UNIX = 3


def _broken() -> InvalidInput:
    return InvalidInput(
        "broken_archive",
        "Tệp bị hỏng hoặc tải lên chưa trọn. Hãy mở lại bằng chương trình đã tạo ra tệp, lưu lại rồi tải lên lần nữa.",
        "file",
    )


@dataclass(frozen=True)
class Limits:
    """How many parts an archive may have, and how large they may be together."""

    entries: int = MAX_ENTRIES
    total_bytes: int = MAX_TOTAL_BYTES


SPREADSHEET = Limits()


def _bomb(limits: Limits = SPREADSHEET) -> InvalidInput:
    return InvalidInput(
        "archive_bomb",
        "Tệp nén này khi mở ra lớn bất thường (trên %(limit)s MB, trên %(entries)s tệp con hoặc nén quá %(ratio)s lần) nên không được đọc. "
        "Hãy chép riêng nội dung cần dùng sang tệp mới.",
        "file",
        limit=limits.total_bytes // 1024 // 1024,
        entries=f"{limits.entries:,}".replace(",", "."),
        ratio=MAX_RATIO,
    )


def _suspicious() -> InvalidInput:
    return InvalidInput(
        "suspicious_archive",
        "Cấu trúc tệp nén bất thường (đường dẫn, liên kết hoặc tên tệp không an toàn) nên không được đọc.",
        "file",
    )


class Archive:
    """The parts of a zip archive, each read at most to the size its directory gives."""

    def __init__(self, data: bytes, limits: Limits = SPREADSHEET) -> None:
        """Checks the directory; raises InvalidInput for a broken, too large or tricky one."""
        self._data = data
        self._check_end(data, limits)
        try:
            with zipfile.ZipFile(io.BytesIO(data)) as opened:
                entries = opened.infolist()
        except (zipfile.BadZipFile, ValueError, OSError, struct.error, NotImplementedError, UnicodeDecodeError):
            raise _broken() from None
        if len(entries) > limits.entries:
            raise _bomb(limits)
        self._entries: dict[str, zipfile.ZipInfo] = {}
        total = 0
        for entry in entries:
            self._check_name(entry)
            if entry.flag_bits & 1:
                raise InvalidInput("protected_file", "Tệp được đặt mật khẩu. Hãy bỏ mật khẩu rồi tải lên lại.", "file")
            if entry.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
                raise _suspicious()
            total += entry.file_size
            if total > limits.total_bytes or (
                entry.file_size > _RATIO_COUNTS_FROM and entry.file_size > MAX_RATIO * entry.compress_size
            ):
                raise _bomb(limits)
            self._entries[entry.filename.casefold()] = entry
        if len(self._entries) != len(entries):
            raise _suspicious()  # two parts of one name: which one a reader takes is anybody's guess

    @staticmethod
    def _check_end(data: bytes, limits: Limits) -> None:
        at = data.rfind(_END_RECORD)
        if at < 0 or at + 22 > len(data):
            raise _broken()
        count, directory_bytes = struct.unpack_from("<HI", data, at + 10)
        if count > limits.entries or directory_bytes > _MAX_DIRECTORY_BYTES or b"PK\x06\x07" in data[max(0, at - 20) : at]:
            raise _bomb(limits)

    @staticmethod
    def _check_name(entry: zipfile.ZipInfo) -> None:
        name = entry.orig_filename
        if (
            not name
            or len(name) > MAX_NAME
            or name.startswith("/")
            or "\\" in name
            or ":" in name
            or "\0" in name
            or ".." in name.split("/")
        ):
            raise _suspicious()
        kind = stat.S_IFMT(entry.external_attr >> 16)
        if entry.create_system == _UNIX and kind not in (0, stat.S_IFREG, stat.S_IFDIR):
            raise _suspicious()  # a link or a device

    def names(self) -> list[str]:
        """Names of the parts as written."""
        return [entry.filename for entry in self._entries.values()]

    def __contains__(self, name: str) -> bool:
        return name.casefold() in self._entries

    def read(self, name: str) -> bytes:
        """The content of a part; KeyError if there is none, InvalidInput if it is not what the directory says."""
        entry = self._entries[name.casefold()]
        start = entry.header_offset
        header = self._data[start : start + _LOCAL_HEADER_BYTES]
        if len(header) < _LOCAL_HEADER_BYTES or header[:4] != b"PK\x03\x04":
            raise _broken()
        name_length, extra_length = struct.unpack_from("<HH", header, 26)
        start += _LOCAL_HEADER_BYTES + name_length + extra_length
        if start + entry.compress_size > len(self._data):
            raise _broken()
        packed = memoryview(self._data)[start : start + entry.compress_size]
        content = bytes(packed) if entry.compress_type == zipfile.ZIP_STORED else _inflate(packed, entry.file_size)
        if len(content) != entry.file_size:
            raise _bomb() if len(content) > entry.file_size else _broken()
        if zlib.crc32(content) != entry.CRC:
            raise _broken()
        return content


def _inflate(packed: memoryview, size: int) -> bytes:
    """At most `size` + 1 bytes, so that a longer stream shows itself without being unpacked."""
    machine = zlib.decompressobj(-15)
    pieces: list[bytes] = []
    left = size + 1
    try:
        for start in range(0, len(packed), _SLICE):
            source: bytes | memoryview = packed[start : start + _SLICE]
            while left > 0 and len(source):
                piece = machine.decompress(source, min(left, _CHUNK))
                source = machine.unconsumed_tail
                pieces.append(piece)
                left -= len(piece)
            if left <= 0 or machine.eof:
                break
        if left > 0:
            pieces.append(machine.flush()[:left])
    except zlib.error:
        raise _broken() from None
    return b"".join(pieces)


def repack(parts: dict[str, bytes]) -> io.BytesIO:
    """A plain archive of exactly these parts."""
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_STORED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    target.seek(0)
    return target
