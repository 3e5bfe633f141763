"""Zip archives larger than memory: written and read line by line, with every limit kept while reading."""

from __future__ import annotations

import hashlib
import zipfile
import zlib
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from types import TracebackType
from typing import IO

from elearn.core.files.archives import MAX_RATIO
from elearn.lib.errors import InvalidInput

LONGEST_LINE = 4 * 1024 * 1024
LARGEST_WHOLE = 512 * 1024 * 1024
LARGEST_TOTAL = 64 * 1024**3
_RATIO_COUNTS_FROM = 1024 * 1024
_FIRST_DAY = (1980, 1, 1, 0, 0, 0)
_BLOCK = 256 * 1024


class LineArchive:
    """Writes a zip archive whose bytes depend on its content alone: no times, no order of a folder."""

    def __init__(self, path: Path) -> None:
        """Written beside `path` and put in its place when all went well."""
        self._path, self._scratch = path, path.with_name(f"{path.name}.part")
        self._zip = zipfile.ZipFile(self._scratch, "w", zipfile.ZIP_DEFLATED, allowZip64=True, compresslevel=6)
        self.files: dict[str, dict[str, object]] = {}

    def __enter__(self) -> LineArchive:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self._zip.close()
        if kind is None:
            self._scratch.replace(self._path)
        else:
            self._scratch.unlink()

    def write(self, name: str, lines: Iterable[str]) -> None:
        """A file of lines, to each of which a line feed is added."""
        entry = zipfile.ZipInfo(name, _FIRST_DAY)
        entry.compress_type, entry.create_system, entry.external_attr = zipfile.ZIP_DEFLATED, 3, 0o100644 << 16
        told, size = hashlib.sha256(), 0
        with self._zip.open(entry, "w", force_zip64=True) as out:
            block: list[str] = []
            held = 0
            for line in lines:
                block.append(line)
                held += len(line)
                if held > _BLOCK:
                    size += self._put(out, told, block)
                    held = 0
            size += self._put(out, told, block)
        self.files[name] = {"bytes": size, "sha256": told.hexdigest()}

    @staticmethod
    def _put(out: IO[bytes], told: hashlib._Hash, block: list[str]) -> int:
        if not block:
            return 0
        raw = ("\n".join(block) + "\n").encode()
        told.update(raw)
        out.write(raw)
        block.clear()
        return len(raw)


class LineReader:
    """Reads the named files of a zip archive from outside; refuses what is not one, holds other files or unpacks beyond the limits."""

    def __init__(self, path: Path, *allowed: Sequence[str]) -> None:
        """`allowed`: the sets of files of which it may hold one, `names` afterwards. Raises InvalidInput."""
        try:
            self._zip = zipfile.ZipFile(path)
        except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError):
            raise _broken("Tệp không phải hồ sơ zip, hoặc đã bị hỏng.") from None
        entries = self._zip.infolist()
        held = sorted(one.filename for one in entries)
        self.names = next((names for names in allowed if sorted(names) == held), ())
        if not self.names:
            self._zip.close()
            raise _broken("Hồ sơ thiếu tệp, thừa tệp hoặc có tên tệp lạ.")
        total = 0
        for one in entries:
            total += one.file_size
            is_bomb = one.file_size > _RATIO_COUNTS_FROM and one.file_size > MAX_RATIO * one.compress_size
            if one.flag_bits & 1 or one.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED) or is_bomb:
                self._zip.close()
                raise _broken("Hồ sơ có tệp đặt mật khẩu hoặc nén bất thường.")
        if total > LARGEST_TOTAL:
            self._zip.close()
            raise _broken("Hồ sơ khi mở ra lớn quá giới hạn.")

    def __enter__(self) -> LineReader:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self._zip.close()

    def read(self, name: str) -> bytes:
        """A whole file."""
        entry = self._zip.getinfo(name)
        if entry.file_size > LARGEST_WHOLE:
            raise _broken("Một tệp trong hồ sơ lớn quá giới hạn.")
        return b"".join(self._pieces(name, entry))

    def lines(self, name: str) -> Iterator[bytes]:
        """A file line by line, each with its line feed."""
        entry, rest = self._zip.getinfo(name), b""
        for piece in self._pieces(name, entry):
            parts = (rest + piece).split(b"\n")
            rest = parts.pop()
            for part in parts:
                yield part + b"\n"
            if len(rest) > LONGEST_LINE:
                raise _broken("Hồ sơ có một dòng dài quá giới hạn.")
        if rest:
            yield rest

    def _pieces(self, name: str, entry: zipfile.ZipInfo) -> Iterator[bytes]:
        """The content, at most as much as the directory says."""
        left = entry.file_size
        try:
            with self._zip.open(entry) as source:
                while piece := source.read(_BLOCK):
                    left -= len(piece)
                    if left < 0:
                        raise _broken("Một tệp trong hồ sơ dài hơn mục lục ghi.")
                    yield piece
        except (zipfile.BadZipFile, zlib.error, OSError, ValueError, EOFError, NotImplementedError) as error:
            raise _broken("Không đọc được tệp “%(name)s” trong hồ sơ: dữ liệu bị hỏng.", name=name) from error


def _broken(message: str, **values: object) -> InvalidInput:
    return InvalidInput("broken_archive", message, "file", **values)
