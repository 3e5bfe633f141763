"""Writes a plain .docx: paragraphs of runs, pictures and one table, without a template."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Sequence
from dataclasses import dataclass, field
from html import escape

from PIL import Image

from elearn.core.files.word.document import picture_suffix

_EMU_PER_PIXEL = 9525
_WIDEST = 5_400_000
_STAMP = (2020, 1, 1, 0, 0, 0)
_UNWRITABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_DECLARATION = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
_W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_MEDIA = {".png": "image/png", ".jpg": "image/jpeg", ".gif": "image/gif", ".webp": "image/webp"}
_STYLES = (
    f"{_DECLARATION}<w:styles {_W}><w:docDefaults><w:rPrDefault><w:rPr>"
    '<w:rFonts w:ascii="Times New Roman" w:hAnsi="Times New Roman" w:cs="Times New Roman" w:eastAsia="Times New Roman"/>'
    '<w:sz w:val="26"/><w:lang w:val="vi-VN"/></w:rPr></w:rPrDefault><w:pPrDefault><w:pPr><w:spacing w:after="60"/></w:pPr></w:pPrDefault></w:docDefaults>'
    '<w:style w:type="paragraph" w:default="1" w:styleId="Normal"><w:name w:val="Normal"/></w:style></w:styles>'
)


@dataclass(frozen=True, slots=True)
class Run:
    """Letters of one look, or a picture by name."""

    text: str
    is_bold: bool = False
    picture: tuple[str, str, bytes] | None = None
    """(name, alternative text, content)"""


@dataclass
class WordFile:
    """Collects paragraphs and gives the file."""

    keywords: str = ""
    _body: list[str] = field(default_factory=list)
    _media: list[tuple[str, bytes]] = field(default_factory=list)

    def paragraph(self, runs: Sequence[Run], stays_with_next: bool = False) -> None:
        """Adds a paragraph."""
        keep = "<w:pPr><w:keepNext/></w:pPr>" if stays_with_next else ""
        self._body.append(f"<w:p>{keep}{''.join(map(self._run, runs))}</w:p>")

    def table(self, rows: Sequence[Sequence[str]]) -> None:
        """Adds a table with lines around its cells."""
        sides = "".join(
            f'<w:{side} w:val="single" w:sz="4" w:color="auto"/>'
            for side in ("top", "left", "bottom", "right", "insideH", "insideV")
        )
        self._body.append(
            f"<w:tbl><w:tblPr><w:tblBorders>{sides}</w:tblBorders></w:tblPr><w:tblGrid>{'<w:gridCol/>' * max(map(len, rows))}</w:tblGrid>"
        )
        for row in rows:
            cells = (f"<w:tc><w:p>{self._run(Run(text))}</w:p></w:tc>" for text in row)
            self._body.append(f"<w:tr>{''.join(cells)}</w:tr>")
        self._body.append("</w:tbl><w:p/>")

    def _run(self, run: Run) -> str:
        if run.picture is not None:
            return self._picture(*run.picture)
        if not run.text:
            return ""
        look = "<w:rPr><w:b/></w:rPr>" if run.is_bold else ""
        text = escape(_UNWRITABLE.sub("", run.text), quote=False).replace("\t", '</w:t><w:tab/><w:t xml:space="preserve">')
        return f'<w:r>{look}<w:t xml:space="preserve">{text}</w:t></w:r>'

    def _picture(self, name: str, alt: str, data: bytes) -> str:
        suffix = picture_suffix(data)
        if not suffix:
            return ""
        self._media.append((suffix, data))
        number = len(self._media)
        width, height = _size(data)
        words = f'name="{escape(_UNWRITABLE.sub("", name))}" descr="{escape(_UNWRITABLE.sub("", alt))}"'
        return (
            '<w:r><w:drawing><wp:inline xmlns:wp="http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing">'
            f'<wp:extent cx="{width}" cy="{height}"/><wp:docPr id="{number}" {words}/>'
            '<a:graphic xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main"><a:graphicData uri="http://schemas.openxmlformats.org/drawingml/2006/picture">'
            f'<pic:pic xmlns:pic="http://schemas.openxmlformats.org/drawingml/2006/picture"><pic:nvPicPr><pic:cNvPr id="{number}" {words}/><pic:cNvPicPr/></pic:nvPicPr>'
            f'<pic:blipFill><a:blip xmlns:r="{_OFFICE}" r:embed="pic{number}"/><a:stretch><a:fillRect/></a:stretch></pic:blipFill>'
            f'<pic:spPr><a:xfrm><a:off x="0" y="0"/><a:ext cx="{width}" cy="{height}"/></a:xfrm><a:prstGeom prst="rect"><a:avLst/></a:prstGeom></pic:spPr>'
            "</pic:pic></a:graphicData></a:graphic></wp:inline></w:drawing></w:r>"
        )

    def data(self) -> bytes:
        """The bytes of the file; the same content gives the same bytes."""
        kinds = "".join(f'<Default Extension="{suffix[1:]}" ContentType="{kind}"/>' for suffix, kind in _MEDIA.items())
        content = "application/vnd.openxmlformats-officedocument.wordprocessingml"
        pictures = "".join(
            f'<Relationship Id="pic{number}" Type="{_OFFICE}/image" Target="media/image{number}{suffix}"/>'
            for number, (suffix, _data) in enumerate(self._media, start=1)
        )
        parts = {
            "[Content_Types].xml": f'{_DECLARATION}<Types xmlns="{_PACKAGE}/content-types"><Default Extension="xml" ContentType="application/xml"/>'
            f'<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>{kinds}'
            f'<Override PartName="/word/document.xml" ContentType="{content}.document.main+xml"/><Override PartName="/word/styles.xml" ContentType="{content}.styles+xml"/>'
            '<Override PartName="/docProps/core.xml" ContentType="application/vnd.openxmlformats-package.core-properties+xml"/></Types>',
            "_rels/.rels": f'{_DECLARATION}<Relationships xmlns="{_PACKAGE}/relationships"><Relationship Id="r1" Type="{_OFFICE}/officeDocument" Target="word/document.xml"/>'
            f'<Relationship Id="r2" Type="{_PACKAGE}/relationships/metadata/core-properties" Target="docProps/core.xml"/></Relationships>',
            "docProps/core.xml": f'{_DECLARATION}<cp:coreProperties xmlns:cp="{_PACKAGE}/metadata/core-properties"><cp:keywords>{escape(self.keywords)}</cp:keywords></cp:coreProperties>',
            "word/_rels/document.xml.rels": f'{_DECLARATION}<Relationships xmlns="{_PACKAGE}/relationships"><Relationship Id="styles" Type="{_OFFICE}/styles" Target="styles.xml"/>{pictures}</Relationships>',
            "word/styles.xml": _STYLES,
            "word/document.xml": f"{_DECLARATION}<w:document {_W}><w:body>{''.join(self._body)}<w:sectPr/></w:body></w:document>",
        }
        target = io.BytesIO()
        with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
            for name, text in parts.items():
                archive.writestr(zipfile.ZipInfo(name, _STAMP), text, zipfile.ZIP_DEFLATED)
            for number, (suffix, data) in enumerate(self._media, start=1):
                archive.writestr(zipfile.ZipInfo(f"word/media/image{number}{suffix}", _STAMP), data)
        return target.getvalue()


def _size(data: bytes) -> tuple[int, int]:
    """Width and height for the page; five centimetres square where the picture does not tell."""
    try:
        with Image.open(io.BytesIO(data)) as picture:
            width, height = picture.size
    except (OSError, ValueError, SyntaxError, Image.DecompressionBombError):
        return 1_800_000, 1_800_000
    wide = max(1, min(width * _EMU_PER_PIXEL, _WIDEST))
    return wide, max(1, wide * height // max(width, 1))
