"""Packages of items: a zip archive with imsmanifest.xml, one file an item, pictures beside them. A single item without archive is read too.

Written packages hold nothing but plain QTI in their items. What QTI cannot say of a question (text in Markdown, topic, level, source, a policy
of credit that no rule expresses …) stands in the manifest, in an element of our own inside the metadata of the resource, part by part (see `rules.keeping`): as soon as another
program has changed a part of the item, that part of the item counts.
"""

from __future__ import annotations

import io
import json
import posixpath
import re
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol
from urllib.parse import quote, unquote

from elearn.core.files.archives import Archive, Limits
from elearn.lib.errors import InvalidInput
from elearn.questions.rules.exchange import Draft, Reading
from elearn.questions.rules.files import check_size, finished
from elearn.questions.rules.keeping import kept_beside, put_back
from elearn.questions.rules.qti.items import Item
from elearn.questions.rules.qti.markup import embedded
from elearn.questions.rules.qti.processing import Budget
from elearn.questions.rules.qti.reading import read_item
from elearn.questions.rules.qti.writing import NAMESPACES, WRITES, Writer
from elearn.questions.rules.qti.xml import UNFIT, Node, parse, serialise

LIMITS = Limits(entries=25_000, total_bytes=100 * 1024 * 1024)
"""One file a question: ten thousand questions with pictures need more files than a spreadsheet has parts, but less room."""
_ZIP_MAGIC = b"PK\x03\x04"
_OURS = "https://elearn.invalid/xsd/questions"
_LOM = "http://ltsc.ieee.org/xsd/LOM"
_CONTENT_PACKAGE = {False: "http://www.imsglobal.org/xsd/imscp_v1p1", True: "http://www.imsglobal.org/xsd/qti/qtiv3p0/imscp_v1p1"}
_SCHEMA = {False: ("QTIv2.2 Package", "1.0.0"), True: ("QTI Package", "3.0.0")}
_ITEM_TYPE = {False: "imsqti_item_xmlv2p2", True: "imsqti_item_xmlv3p0"}
_IDENTIFIER = re.compile(r"[A-Za-z_][A-Za-z0-9_.-]{0,60}")
_GENERATED = re.compile(r"question-[0-9]{5,}")
_BAD_NAME = re.compile(r"[\\/:\0-\x1f\"<>|?*]")


@dataclass
class _Resource:
    href: str
    tags: list[str] = field(default_factory=list)
    kept: dict[str, Any] = field(default_factory=dict)
    """Remainders by part, and under "files" the paths of pictures by name."""
    category: str = ""


class _Parts(Protocol):
    """Where pictures are found by their paths: an archive, or what is about to become one."""

    def __contains__(self, name: str) -> bool: ...

    def read(self, name: str) -> bytes: ...


class _Files:
    """Pictures of one item: names are given as references are met."""

    def __init__(self, archive: _Parts | None, folder: str) -> None:
        self._archive = archive
        self._folder = folder
        self.content: dict[str, bytes] = {}
        self._names: dict[str, str] = {}
        self.missing: list[str] = []
        self.outside: list[str] = []

    def find(self, source: str) -> str:
        """The name under which the picture of this address is kept; "" where the address stays."""
        if source in self._names:
            return self._names[source]
        if source.startswith("data:"):
            found = embedded(source)
            return self._keep(source, f"image.{found[0]}", found[1]) if found else ""
        if re.match(r"[a-z][a-z0-9+.-]*:|//", source, re.IGNORECASE):
            self.outside.append(source[:100])
            return ""
        path = resolved(self._folder, source)
        if self._archive is None or path is None or path not in self._archive:
            self.missing.append(source[:100])
            self._names[source] = safe_name(source)
            return self._names[source]
        return self._keep(source, safe_name(path), self._archive.read(path))

    def _keep(self, source: str, name: str, content: bytes) -> str:
        stem, ending = posixpath.splitext(name)
        count = 1
        while name in self.content and self.content[name] != content:
            count += 1
            name = f"{stem}-{count}{ending}"
        self.content[name] = content
        self._names[source] = name
        return name


def safe_name(path: str) -> str:
    """A plain file name out of a path."""
    name = _BAD_NAME.sub("_", posixpath.basename(unquote(path.partition("?")[0].partition("#")[0])))
    stem, ending = posixpath.splitext(name)
    return f"{stem[:80]}{ending[:12]}" if stem.strip(". ") else f"file{ending[:12]}"


def resolved(folder: str, href: str) -> str | None:
    """The path inside the package that a reference means; None where it leads out of it."""
    path = unquote(href.partition("?")[0].partition("#")[0])
    if not path or "\\" in path or "\0" in path or path.startswith("/"):
        return None
    joined = posixpath.normpath(posixpath.join(folder, path))
    return None if joined.startswith("..") or joined == "." else joined


def is_package(data: bytes) -> bool:
    """Whether the bytes are a zip archive."""
    return data.startswith(_ZIP_MAGIC)


def version_of(data: bytes) -> int:
    """2 or 3 where a file looks like items of that version, 0 where it does not. Never raises."""
    try:
        if not is_package(data):
            start = data[:4000]
            if b"qti-assessment-item" in start:
                return 3
            return 2 if b"assessmentItem" in start else 0
        archive = Archive(data, LIMITS)
        manifest = _manifest_name(archive)
        if manifest is not None:
            content = archive.read(manifest)
            if b"imsqti_item_xmlv3" in content or b"qtiv3p0" in content:
                return 3
            return 2 if b"imsqti_item_xmlv2" in content or b"assessmentItem" in content else 0
        for part in [name for name in archive.names() if name.lower().endswith(".xml")][:5]:
            start = archive.read(part)[:4000]
            if b"qti-assessment-item" in start:
                return 3
            if b"assessmentItem" in start:
                return 2
    except (InvalidInput, KeyError):
        return 0
    return 0


def _manifest_name(archive: Archive) -> str | None:
    names = [name for name in archive.names() if posixpath.basename(name).lower() == "imsmanifest.xml"]
    return min(names, key=lambda name: name.count("/"), default=None)


def read_package(data: bytes) -> Reading:
    """The questions of a package or of a single item file. Raises InvalidInput for a broken, unsafe or foreign one."""
    try:
        return _read(data)
    except InvalidInput as refusal:
        refusal.values.setdefault("line", 1)  # an archive has no lines
        raise


def _read(data: bytes) -> Reading:
    check_size(data)
    if not data.strip(b" \t\r\n\0"):
        raise InvalidInput("empty_file", "Tệp không có nội dung nào.", "file", line=1)
    reading = Reading()
    budget = Budget()
    if not is_package(data):
        root = parse(data)
        for node in _items_of(root, ""):
            _take(reading, node, _Resource(""), None, budget)
        return finished(reading)
    archive = Archive(data, LIMITS)
    resources = list(_resources(archive, reading))
    if not resources:
        raise InvalidInput(
            "no_items",
            "Gói này không có câu hỏi QTI nào: imsmanifest.xml không nêu mục assessmentItem (dòng %(line)s).",
            "file",
            line=1,
        )
    for resource in resources:
        if resource.href not in archive:
            reading.doubt(
                0,
                "Gói thiếu tệp câu hỏi %(file)s nêu trong imsmanifest.xml; câu không được nhập.",
                "error",
                file=resource.href[:200],
            )
            continue
        root = parse(archive.read(resource.href), resource.href)
        for node in _items_of(root, resource.href):
            _take(reading, node, resource, archive, budget)
    return finished(reading)


def _items_of(root: Node, name: str) -> list[Node]:
    if root.name == "assessmentItem":
        return [root]
    found = [node for node in root.walk() if node.name == "assessmentItem"]
    if found:
        return found
    if root.name == "questestinterop":
        raise InvalidInput(
            "old_qti",
            "Tệp %(name)s theo QTI 1.2 (dòng %(line)s); hệ thống đọc QTI 2.x và 3.0.",
            "file",
            name=name or "XML",
            line=root.line,
        )
    raise InvalidInput(
        "no_items",
        "Tệp %(name)s không có câu hỏi QTI nào (dòng %(line)s: %(tag)s).",
        "file",
        name=name or "XML",
        line=root.line,
        tag=root.name[:60],
    )


def _resources(archive: Archive, reading: Reading) -> Iterator[_Resource]:
    """Item files in their order: that of a test where there is one, else of the manifest, else of the archive."""
    name = _manifest_name(archive)
    if name is None:
        reading.doubt(0, "Gói không có imsmanifest.xml; mọi tệp câu hỏi trong gói được đọc theo thứ tự tên.")
        for path in sorted(path for path in archive.names() if path.lower().endswith(".xml")):
            if b"assessment" in archive.read(path)[:4000]:
                yield _Resource(path)
        return
    manifest = parse(archive.read(name), name)
    folder = posixpath.dirname(name)
    items: dict[str, _Resource] = {}
    tests: list[str] = []
    for node in manifest.walk():
        if node.name != "resource":
            continue
        kind = node.get("type")
        href = node.get("href") or next((each.get("href") for each in node.nodes("file")), "")
        inside = resolved(folder, href)
        if inside is None:
            if kind.startswith("imsqti"):
                reading.doubt(
                    node.line, "Mục %(file)s trong imsmanifest.xml chỉ ra ngoài gói nên bị bỏ qua.", "error", file=href[:200]
                )
        elif kind.startswith(("imsqti_item", "imsqti_assessmentitem")):
            items.setdefault(inside, _resource(node, inside))
        elif kind.startswith(("imsqti_test", "imsqti_assessment")):
            tests.append(inside)
        elif kind.startswith("imsqti_xml"):
            raise InvalidInput(
                "old_qti",
                "Tệp %(name)s theo QTI 1.2 (dòng %(line)s); hệ thống đọc QTI 2.x và 3.0.",
                "file",
                name=inside,
                line=node.line,
            )
    ordered: dict[str, _Resource] = {}
    for test in tests:
        if test in archive:
            _follow(parse(archive.read(test), test), posixpath.dirname(test), items, ordered)
    yield from (ordered | items).values() if ordered else items.values()


def _follow(test: Node, folder: str, items: Mapping[str, _Resource], ordered: dict[str, _Resource]) -> None:
    """Items in the order of a test, with the titles of its sections where there are several."""
    sections = [node for node in test.walk() if node.name == "assessmentSection"]
    titles = {node.get("title") for node in sections if node.get("title")}

    def go(node: Node, path: tuple[str, ...]) -> None:
        for child in node.nodes():
            if child.name == "assessmentItemRef":
                place = resolved(folder, child.get("href"))
                if place is not None and place in items and place not in ordered:
                    ordered[place] = items[place]
                    if len(titles) > 1:
                        items[place].category = " / ".join(path)
            else:
                title = child.get("title").replace(" / ", " – ") if child.name == "assessmentSection" else ""
                go(child, (*path, title) if title else path)

    go(test, ())


def _resource(node: Node, path: str) -> _Resource:
    found = _Resource(path)
    for below in node.walk():
        if below.name == "keyword":
            found.tags += [" ".join(each.words().split()) for each in (below.nodes("string", "langstring") or [below])]
        elif below.name == "remainder":
            try:
                kept = json.loads(below.words())
            except (ValueError, RecursionError):
                continue
            if isinstance(kept, dict):
                found.kept = kept
    found.tags = _once(found.tags)
    return found


def _once(tags: Sequence[str]) -> list[str]:
    """Tags as a manifest gives them back."""
    return [tag for tag in dict.fromkeys(" ".join(UNFIT.sub("", tag).split()) for tag in tags) if tag]


def _take(reading: Reading, node: Node, resource: _Resource, archive: Archive | None, budget: Budget) -> None:
    files = _Files(archive, posixpath.dirname(resource.href))
    item = Item(node, files.find, budget)
    draft = read_item(item)
    identifier = item.identifier or resource.href
    place = f"{resource.href}, {identifier}" if resource.href and resource.href != identifier else identifier
    if draft is None and "body" in resource.kept:
        draft = Draft("", "", {}, line=node.line)
    if draft is not None:
        draft.files = files.content
        draft.tags = list(resource.tags)
        draft.category = resource.category
        if resource.kept:
            changed = put_back(draft, {part: words for part, words in resource.kept.items() if part != "files"})
            _put_back_files(draft, resource.kept.get("files"), archive)
            if not changed:
                # Doubts about what was written for other programs concern nobody who has the question itself.
                item.doubts, files.missing, files.outside = [], [], []
            elif not draft.type:
                draft = None
            else:
                item.doubt(
                    node.line,
                    "%(place)s: Câu đã được sửa bằng chương trình khác; phần QTI không ghi được thuộc các trường đã sửa không còn (%(parts)s).",
                    parts=", ".join(changed)[:100],
                )
    index = len(reading.drafts) if draft is not None else None
    for missing in files.missing:
        item.doubt(node.line, "%(place)s: Gói thiếu tệp hình %(file)s.", file=missing)
    for outside in files.outside:
        item.doubt(node.line, "%(place)s: Hình %(file)s nằm ngoài gói nên không được tải về.", file=outside)
    for line, severity, message, values in item.doubts:
        reading.doubt(line, message, severity, index, **values, place=place[:200])  # type: ignore[arg-type]
    if draft is not None:
        reading.drafts.append(draft)


def _put_back_files(draft: Draft, paths: object, archive: Archive | None) -> None:
    """Pictures under the names that they had, also those to which no text refers."""
    if isinstance(paths, dict) and archive is not None:
        draft.files = {
            name: archive.read(path)
            for name, path in paths.items()
            if isinstance(path, str) and path in archive and not _BAD_NAME.search(name) and name.strip(". ")
        }


# Writing ---------------------------------------------------------------------------------------------------------------------------------


def write_package(drafts: Sequence[Draft], is_new: bool) -> bytes:
    """A package of version 3.0, or of 2.2 where not `is_new`. Raises InvalidInput for a type that it cannot hold."""
    unknown = next((draft.type for draft in drafts if draft.type not in WRITES), None)
    if unknown is not None:
        raise InvalidInput("unknown_type", "Không ghi được loại câu hỏi “%(type)s” vào tệp này.", "type", type=unknown)
    parts: dict[str, bytes] = {}
    resources = [
        _write_item(draft, identifier, is_new, parts) for draft, identifier in zip(drafts, _identifiers(drafts), strict=True)
    ]
    schema, version = _SCHEMA[is_new]
    head = Node("metadata", {}, [Node("schema", {}, [schema]), Node("schemaversion", {}, [version])])
    manifest = Node(
        "manifest", {"identifier": "elearn-questions"}, [head, Node("organizations"), Node("resources", {}, list(resources))]
    )
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in {"imsmanifest.xml": _document(manifest, False, _CONTENT_PACKAGE[is_new]), **parts}.items():
            # A date of its own would make two packages of the same questions differ.
            archive.writestr(zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0)), content, zipfile.ZIP_DEFLATED)
    return target.getvalue()


def _document(node: Node, is_new: bool, namespace: str) -> bytes:
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{serialise(node, is_new, namespace)}\n'.encode()


def _identifiers(drafts: Sequence[Draft]) -> list[str]:
    found: list[str] = []
    taken = {"imsmanifest"}
    for number, draft in enumerate(drafts, start=1):
        is_fit = _IDENTIFIER.fullmatch(draft.code) and not _GENERATED.fullmatch(draft.code) and draft.code.casefold() not in taken
        found.append(draft.code if is_fit else f"question-{number:05}")
        taken.add(found[-1].casefold())
    return found


def _paths(draft: Draft, identifier: str) -> dict[str, str]:
    """Where the pictures of a question lie in the package."""
    paths: dict[str, str] = {}
    taken: set[str] = set()
    for index, name in enumerate(draft.files):
        kept = name if safe_name(name) == name and name.casefold() not in taken else f"file-{index}"
        taken.add(kept.casefold())
        paths[name] = f"media/{identifier}/{kept}"
    return paths


def _write_item(draft: Draft, identifier: str, is_new: bool, parts: dict[str, bytes]) -> Node:
    href = f"{identifier}.xml"
    paths = _paths(draft, identifier)
    item = Writer(draft, identifier, is_new, lambda name: quote(paths[name]) if name in paths else "").item()
    content = _document(item, is_new, NAMESPACES[is_new])
    own = {paths[name]: content for name, content in draft.files.items()}
    plain = _plain(content, own)
    parts[href] = content
    parts.update(own)
    plain.tags = _once(draft.tags)
    kept: dict[str, Any] = dict(kept_beside(draft, plain))
    if draft.files != plain.files:
        kept["files"] = paths
    children: list[Node | str] = []
    metadata: list[Node | str] = []
    if draft.tags:
        keywords = [Node("keyword", {}, [Node("string", {"language": "vi"}, [tag])]) for tag in draft.tags]
        metadata.append(Node("lom", {"xmlns": _LOM}, [Node("general", {}, list(keywords))]))
    if kept:
        metadata.append(Node("remainder", {"xmlns": _OURS}, [json.dumps(kept)]))
    if metadata:
        children.append(Node("metadata", {}, metadata))
    children += [Node("file", {"href": href}), *(Node("file", {"href": quote(path)}) for path in own)]
    return Node("resource", {"identifier": f"RES-{identifier}", "type": _ITEM_TYPE[is_new], "href": href}, children)


class _Own:
    """What is about to be written, read like an archive."""

    def __init__(self, parts: Mapping[str, bytes]) -> None:
        self._parts = parts

    def __contains__(self, name: str) -> bool:
        return name in self._parts

    def read(self, name: str) -> bytes:
        return self._parts[name]


def _plain(content: bytes, own: Mapping[str, bytes]) -> Draft:
    """What a reader makes of the item by itself."""
    files = _Files(_Own(own), "")
    item = Item(parse(content), files.find, Budget())
    draft = read_item(item)
    if draft is None:
        draft = Draft("", "", {})
    draft.files = files.content
    return draft
