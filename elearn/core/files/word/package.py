"""The parts of a .docx, taken only from an archive that is believable and from XML without declarations of its own."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator
from contextlib import contextmanager
from io import BytesIO
from typing import cast

from lxml import etree

from elearn.core.files.archives import Archive
from elearn.lib.errors import InvalidInput

MAX_BYTES = 100 * 1024 * 1024
MAX_DEPTH = 200
W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
R = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}"
_RELATIONSHIP = "{http://schemas.openxmlformats.org/package/2006/relationships}Relationship"
_KEYWORDS = "{http://schemas.openxmlformats.org/package/2006/metadata/core-properties}keywords"

# "Strict" documents say the same under other names.
_STRICT = tuple(
    (f"http://purl.oclc.org/ooxml/{strict}".encode(), f"http://schemas.openxmlformats.org/{usual}".encode())
    for strict, usual in (
        ("wordprocessingml/main", "wordprocessingml/2006/main"),
        ("officeDocument/relationships", "officeDocument/2006/relationships"),
        ("officeDocument/math", "officeDocument/2006/math"),
        ("drawingml/main", "drawingml/2006/main"),
        ("drawingml/wordprocessingDrawing", "drawingml/2006/wordprocessingDrawing"),
        ("drawingml/picture", "drawingml/2006/picture"),
    )
)
_DECLARED = re.compile(rb"<\0?!\0?\s*\0?(?:D\0?O\0?C\0?T\0?Y\0?P\0?E|E\0?N\0?T\0?I\0?T\0?Y)", re.IGNORECASE)
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


def is_word(data: bytes) -> bool:
    """Whether these are the bytes of a .docx, as far as a quick look tells."""
    return data[:4] == b"PK\x03\x04" and b"word/" in data


def _refusal(code: str, message: str) -> InvalidInput:
    return InvalidInput(code, message, "file", line=1)


def refuse_other_kinds(data: bytes) -> None:
    """Raises InvalidInput with advice where the file is of a kind that officers send instead of a .docx."""
    start = data[:1024].lstrip()
    if not data:
        raise _refusal("empty_file", "Tệp không có nội dung. Hãy chọn lại tệp.")
    if len(data) > MAX_BYTES:
        raise _refusal(
            "file_too_large", "Tệp lớn hơn 100 MB nên không được đọc. Hãy giảm dung lượng hình hoặc chia thành nhiều tệp."
        )
    if data[:8] == _OLE:
        if "EncryptedPackage".encode("utf-16-le") in data:
            raise _refusal("protected_file", "Tệp Word được đặt mật khẩu. Hãy mở bằng Word, bỏ mật khẩu, lưu lại rồi tải lên.")
        raise _refusal(
            "old_word",
            "Đây là tệp kiểu cũ (.doc). Hãy mở bằng Word, chọn Lưu thành (Save As), kiểu “Word Document (.docx)”, rồi tải lên tệp mới.",
        )
    if start.startswith(b"%PDF"):
        raise _refusal(
            "pdf_file",
            "Đây là tệp PDF, không đọc được câu hỏi một cách tin cậy. Hãy dùng tệp Word gốc, hoặc chép nội dung và dán vào ô văn bản.",
        )
    if start.startswith(b"{\\rtf"):
        raise _refusal(
            "rtf_file",
            "Đây là tệp RTF. Hãy mở bằng Word, chọn Lưu thành (Save As), kiểu “Word Document (.docx)”, rồi tải lên tệp mới.",
        )
    if re.match(rb"(?i)(?:\xef\xbb\xbf)?(?:<!doctype html|<html|mime-version:)", start):
        raise _refusal(
            "web_page",
            "Đây là trang web mang đuôi tệp Word. Hãy mở bằng Word, lưu thành kiểu “Word Document (.docx)”, rồi tải lên tệp mới.",
        )
    if data[:4] != b"PK\x03\x04":
        raise _refusal(
            "not_word", "Tệp này không phải tệp Word (.docx) hoặc đã bị hỏng. Hãy mở bằng Word, lưu lại thành .docx rồi tải lên."
        )


@contextmanager
def _at_a_line() -> Iterator[None]:
    """Refusals of the archive name no line; whoever reads documents expects one."""
    try:
        yield
    except InvalidInput as refusal:
        refusal.values.setdefault("line", 1)
        raise


class Package:
    """The parts by the names in which relations speak of them."""

    def __init__(self, data: bytes) -> None:
        """Raises InvalidInput for what is no sound .docx."""
        refuse_other_kinds(data)
        with _at_a_line():
            self._archive = Archive(data)
        self.main = self._main_part()
        self.relations = self.relations_of(self.main)

    def _main_part(self) -> str:
        for kind, target in self.relations_of("").values():
            if kind == "officeDocument" and target in self._archive:
                if target.startswith("word/") or b"wordprocessingml" in (self.bytes_of("[Content_Types].xml") or b""):
                    return target
                break
        if any(name.startswith("xl/") for name in self._archive.names()):
            raise _refusal("not_word", "Đây là tệp Excel. Hãy chọn định dạng Excel, hoặc chọn lại tệp Word (.docx).")
        if any(name.startswith("ppt/") for name in self._archive.names()):
            raise _refusal("not_word", "Đây là tệp trình chiếu. Hãy chép các câu hỏi sang một tệp Word (.docx) rồi tải lên.")
        if "content.xml" in self._archive and "mimetype" in self._archive:
            raise _refusal("not_word", "Đây là tệp OpenDocument (.odt). Hãy lưu thành .docx rồi tải lên.")
        raise _refusal("not_word", "Trong tệp không có văn bản Word. Hãy mở bằng Word, lưu lại thành .docx rồi tải lên.")

    def relations_of(self, part: str) -> dict[str, tuple[str, str]]:
        """Relations of a part by their ids: kind and name of the part meant; those that lead out of the file are left out."""
        folder, name = posixpath.split(part)
        found: dict[str, tuple[str, str]] = {}
        root = self.tree(posixpath.join(folder, "_rels", f"{name}.rels"))
        if root is None:
            return found
        for element in root.iter(_RELATIONSHIP):
            if element.get("TargetMode") == "External":
                continue
            target = str(element.get("Target", ""))
            path = target.lstrip("/") if target.startswith("/") else posixpath.normpath(posixpath.join(folder, target))
            found[str(element.get("Id", ""))] = (str(element.get("Type", "")).rsplit("/", 1)[-1], path)
        return found

    def related(self, kind: str) -> etree._Element | None:
        """The part of that kind (styles, numbering, footnotes …) as a tree; None where there is none."""
        for what, target in self.relations.values():
            if what == kind:
                return self.tree(target)
        return None

    def bytes_of(self, part: str) -> bytes | None:
        """A part as it is; None where there is none."""
        with _at_a_line():
            return self._archive.read(part) if part in self._archive else None

    def _xml(self, part: str) -> bytes | None:
        data = self.bytes_of(part)
        if data is None:
            return None
        if _DECLARED.search(data):
            raise _refusal("declared_xml", "Tệp có phần khai báo XML không do Word tạo ra nên không được đọc.")
        if b"purl.oclc.org/ooxml" in data:
            for strict, usual in _STRICT:
                data = data.replace(strict, usual)
        return data

    def tree(self, part: str) -> etree._Element | None:
        """A small part as a tree; None where there is none. Raises InvalidInput where it is no XML."""
        data = self._xml(part)
        if data is None:
            return None
        parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, remove_comments=True, remove_pis=True)
        try:
            root = etree.fromstring(data, parser)
        except etree.XMLSyntaxError as error:
            raise self._broken(part, error) from None
        if root.getroottree().docinfo.doctype:
            raise _refusal("declared_xml", "Tệp có phần khai báo XML không do Word tạo ra nên không được đọc.")
        return root

    def body(self) -> Iterator[etree._Element]:
        """Paragraphs and tables of the text one after the other; each is dropped when the next is asked for."""
        data = self._xml(self.main) or b""
        wanted = (f"{W}p", f"{W}tbl")
        try:
            steps = etree.iterparse(
                BytesIO(data),
                events=("end",),
                tag=wanted,
                resolve_entities=False,
                no_network=True,
                load_dtd=False,
                remove_comments=True,
                remove_pis=True,
            )
            for _event, element in steps:
                parent = element.getparent()
                outer = parent
                while outer is not None and outer.tag not in wanted:
                    outer = outer.getparent()
                if outer is not None or parent is None:
                    continue  # inside a table or a text box: comes with what holds it
                yield element
                parent.remove(element)
        except etree.XMLSyntaxError as error:
            raise self._broken(self.main, error) from None

    def keywords(self) -> str:
        """The key words in the properties of the file."""
        for kind, target in self.relations_of("").values():
            root = self.tree(target) if kind == "core-properties" else None
            if root is not None:
                return str(root.findtext(_KEYWORDS) or "")
        return ""

    @staticmethod
    def _broken(part: str, error: etree.XMLSyntaxError) -> InvalidInput:
        return InvalidInput(
            "broken_xml",
            "Tệp Word bị hỏng ở phần %(part)s, dòng %(line)s. Hãy mở bằng Word, lưu lại rồi tải lên.",
            "file",
            part=part,
            line=cast(int, error.lineno) or 1,
        )
