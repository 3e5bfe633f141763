"""Recognises the marks at the beginning of lines and within them: labels of questions and options, tags, keys, headings."""

from __future__ import annotations

import re
from dataclasses import dataclass

from elearn.lib.vietnamese import fold
from elearn.questions.rules.typed import words

_NAMED = re.compile(
    r"[\s•+*#-]*(?P<word>câu\s*hỏi|câu|question|bài\s*tập|bài|q)\s*(?:số\s*)?\.?\s*(?P<number>\d{1,5})(?![\d\w])", re.IGNORECASE
)
_UNNUMBERED = re.compile(r"[\s•+*#-]*(?:câu\s*hỏi|câu|question)\s*:\s*", re.IGNORECASE)
_NAMED_END = re.compile(r"\s*[.:)\]/]+(?!\d)\s*|\s*[-–—]\s+")
_NAMED_WITHIN = re.compile(r"(?<=[\s.;])câu\s+(?P<number>\d{1,5})\s*[.:](?=\s)", re.IGNORECASE)
_BARE = re.compile(r"(?P<number>\d{1,4})\s*(?:[.)/:]+(?![\d.])|\s[-–—](?=\s))\s*")
TAG = re.compile(
    rf"\s*[(\[]\s*(?:(?P<level>{words.LEVEL_TAGS})|(?P<mark>\d+(?:[.,]\d+)?)\s*(?:điểm|đ|points?|pts?)\.?)\s*[)\]]\s*",
    re.IGNORECASE,
)
_TAG_END = re.compile(TAG.pattern + r"$", re.IGNORECASE)
_LABEL = (
    r"(?P<box>[☐□]\s*)?(?P<star>(?:[*✓✔√☑☒→]\s*){0,4})(?P<open>[(\[]?)(?P<letter>[A-Za-z])(?P<star2>\*?)"
    r"(?P<end>\s*[.)\]/:]|\s+[-–—](?=\s|$)|[-–—](?=\s))(?P<star3>\*?)"
)
_LABEL_HERE = re.compile(_LABEL + r"\s*")
_LABEL_WITHIN = re.compile(r"(?P<gap>\s+)" + _LABEL + r"\s*")
_STAR_END = re.compile(r"\s*(?:\*{1,9}|[✓✔√☑]|\(\*\)|[(\[]\s*(?:đúng|đáp án(?: đúng)?|đ/a|đa)\s*[)\]])\s*$", re.IGNORECASE)
_LETTERS = r"[A-Za-z](?:\s*(?:,|;|/|&|\+|-|và|and)\s*[A-Za-z](?!\w))*|[A-H]{2,6}"
_KEY_LETTERS = re.compile(
    rf"[\W_]*(?:(?:phương án|đáp án|câu|ý|chọn|là)\s+)*(?P<letters>{_LETTERS})(?:\s+(?:là\s+)?đúng)?[\W_]*", re.IGNORECASE
)
_KEY_LETTER_AND_WORDS = re.compile(
    r"\W*(?:(?:phương án|đáp án|câu|ý|chọn|là)\s+)*(?P<letter>[A-Z])\s*[.):/–-]\s*(?P<words>\S.*)", re.IGNORECASE
)
_KEY_AND_REASON = re.compile(
    rf"\W*(?:(?:phương án|đáp án|câu|ý|chọn|là)\s+)*(?P<letters>{_LETTERS})(?:\s*[;,.]?\s+(?=[(\[]|vì |do |theo |căn cứ )|\s*(?=[(\[]))(?P<words>\S.*)",
    re.IGNORECASE,
)
_ONE_TRUTH = re.compile(r"[\s,;|./]*(?:(?P<letter>[A-H])\s*[.):–-]?\s*)?(?P<truth>đúng|sai|đ|s)(?!\w)", re.IGNORECASE)
_KEY_WITHIN = re.compile(
    r"[\s(\[]{1,20}(?:đáp\s*án(?:\s+đúng)?(?:\s+là)?|đ/a|đa|key|answer|ans)\s*[:.]\s*(?P<letters>[A-H](?:\s*[,;&]\s*[A-H])*|đúng|sai)\s*[.)\]]*\s*$",
    re.IGNORECASE,
)
_KEY_WITHOUT_COLON = re.compile(
    r"[\s→=>*(\[•-]*(?:đáp\s*án|đ/a|đa|key|answer|phương án|chọn)(?:\s+đúng)?(?:\s+nhất)?(?:\s+là)?\s*[.–-]?\s*(?=(?:[A-H](?:\s*[,;&]\s*[A-H])*|đúng|sai)[\s.)\]]*$)",
    re.IGNORECASE,
)
_EXPLANATION_WITHOUT_COLON = re.compile(r"[\s→=>*(•-]*(?:giải thích|lời giải|hướng dẫn giải)(?:\s*[.–-]\s+|\s*$)", re.IGNORECASE)
_ANSWER_SAID = re.compile(
    r"(?:chọn|đáp án(?: đúng)?(?: là)?|phương án đúng(?: là)?)\s*:?\s*(?:là\s+)?(?:đáp án\s+|phương án\s+|câu\s+|ý\s+)?(?P<letter>[A-H])(?![\w.]\w|\w)",
    re.IGNORECASE,
)
_TOPIC = re.compile(
    r"\W*(?:chủ đề|chuyên đề|phần|chương|mục|section|part|topic|chapter|bài)\s*(?:số\s*|thứ\s+)?(?P<number>[IVXLC]{1,6}|\d{1,3}|[A-Z]|nhất|hai|ba|tư|bốn|năm|sáu|bảy|tám|chín|mười)"
    r"(?!\w)\s*(?P<end>[.:)–—-]*)\s*(?P<name>.*)", re.IGNORECASE
)  # fmt: skip
_ROMAN = re.compile(r"(?P<number>[IVX]{1,5})\s*[.)/–-]\s*(?P<name>\S.*)")
_KIND_OF_SECTION = re.compile(
    r"(?:phan )?(?:cac )?(?:cau hoi )?(?:trac nghiem|tu luan|cau hoi|dung[ /-]+sai|tra loi ngan|ly thuyet|noi dung cau hoi|bai tap)\b"
)
_ANSWERS_HEADING = re.compile(
    r"(?:bang |phan )?(?:dap an|dap so)(?: (?:trac nghiem|tham khao|chi tiet|cau hoi|bo cau hoi|de|ma de|phan|va huong dan|va thang diem|ngan hang|cac cau)\b.*)?"
    r"|huong dan cham\b.{0,40}|answer keys?|answers"
)
_ONE_ANSWER = re.compile(
    r"(?:câu\s*(?:hỏi\s*)?)?(?P<number>\d{1,4})\s*[.:)\-–/=]?\s*(?P<key>(?:đúng|sai|đ|s)(?!\w)|[A-H](?:\s*[,&+/]\s*[A-H](?!\w))*(?!\w)|[A-H]{2,5}(?!\w))",
    re.IGNORECASE,
)
_BETWEEN_ANSWERS = re.compile(r"[\s,;|.]*")
_END = re.compile(r"\W*(?:-+\s*)?(?:hết|the end|end)\W*", re.IGNORECASE)
_BULLET = re.compile(r"(?P<star>\*?)[•\-–+o](?P<star2>\*?)\s+")
_NUMBERED_ITEM = re.compile(r"(?P<number>\d{1,2})\s*[.)]\s*")
_BOTH_TRUTHS = re.compile(
    r"(?P<box1>[☐□☑☒✓]?)\s*(?P<first>đúng|true)\s*[/|]?\s*(?P<box2>[☐□☑☒✓]?)\s*(?P<second>sai|false)\s*[.?]?", re.IGNORECASE
)
_DOTS = re.compile(r"[\s._…·\-–]*")


@dataclass(frozen=True, slots=True)
class Start:
    """The label of a question: `end` is where its text begins, `tags` what stood between number and separator."""

    number: int | None
    end: int
    word: str
    tags: str = ""


@dataclass(frozen=True, slots=True)
class Label:
    """The label of an option: it reaches from `start` to `end`; `manner` is its way of writing, equal for labels of one list."""

    start: int
    end: int
    letter_at: int
    index: int
    manner: tuple[bool, str]
    is_starred: bool
    is_apart: bool = True


@dataclass(frozen=True, slots=True)
class Key:
    """What a key says: letters, or whether it is true, or words; all may be empty."""

    letters: tuple[str, ...] = ()
    truth: bool | None = None
    words: str = ""


def named_start(text: str) -> Start | None:
    """The label "Câu 1:" at the beginning of a line; None where there is none."""
    found = _NAMED.match(text)
    if found is None:
        found = _UNNUMBERED.match(text)
        return Start(None, found.end(), words.QUESTION) if found else None
    end = found.end()
    while (tag := TAG.match(text, end)) is not None:
        end = tag.end()
    tags = text[found.end() : end]
    word = " ".join(found["word"].lower().split())
    stop = _NAMED_END.match(text, end)
    if stop is not None:
        return Start(int(found["number"]), stop.end(), word, tags)
    rest = text[end:].lstrip()
    is_apart = end == len(text) or bool(tags) or text[end].isspace()
    if not rest or (is_apart and (rest[0].isupper() or rest[0] in "“\"‘'(" or tags)):
        return Start(int(found["number"]), len(text) - len(rest), word, tags)
    return None


def bare_start(text: str) -> Start | None:
    """The label "1." at the beginning of a line; None where there is none."""
    found = _BARE.match(text)
    return Start(int(found["number"]), found.end(), "") if found else None


def start_within(text: str, number: int) -> int:
    """Where the label of question `number` stands in the middle of a line; -1 where it does not."""
    for found in _NAMED_WITHIN.finditer(text):
        if int(found["number"]) == number:
            return found.start()
    return -1


def _label(found: re.Match[str], start: int, is_apart: bool) -> Label | None:
    mark = found["end"].strip()
    if (found["open"] and mark not in ("]", ")")) or (mark == "]" and found["open"] != "["):
        return None
    if mark in "–—-":
        mark = "-"
    letter = found["letter"]
    stars = found["star"] + found["star2"] + found["star3"]
    return Label(
        start,
        found.end(),
        found.start("letter"),
        ord(letter.upper()) - 65,
        (letter.isupper(), found["open"] + mark),
        bool(stars),
        is_apart,
    )


def label_here(text: str) -> Label | None:
    """The label of an option at the beginning of a line; None where there is none."""
    found = _LABEL_HERE.match(text)
    return _label(found, 0, True) if found else None


def labels_within(text: str, start: int) -> list[Label]:
    """Everything in a line from `start` that looks like the label of an option, whether or not it is one."""
    found = []
    at = start
    while (match := _LABEL_WITHIN.search(text, at)) is not None:
        gap = match["gap"]
        label = _label(match, match.end("gap"), "\t" in gap or len(gap) > 1)
        if label is not None:
            found.append(label)
        at = match.end() - 1 if match.end() > match.start() + 1 and text[match.end() - 1].isspace() else match.end()
    return found


def without_star(text: str) -> tuple[str, bool]:
    """An option without the mark of a key at its end, and whether there was one."""
    found = _STAR_END.search(text)
    return (text[: found.start()], True) if found and found.start() > 0 else (text, False)


def tags_at_ends(text: str) -> tuple[int, int, list[re.Match[str]]]:
    """Where the text without tags such as "(NB)" or "(0,5 điểm)" begins and ends, and those tags."""
    start, end, found = 0, len(text), []
    while (tag := TAG.match(text, start)) is not None and tag.end() <= end:
        found.append(tag)
        start = tag.end()
    while (tag := _TAG_END.search(text, start, end)) is not None:
        found.append(tag)
        end = tag.start()
    return start, end, found


def field_at(text: str) -> tuple[str, int]:
    """The field that a line begins and where its value starts; ("", 0) for none. Feedback is "feedback <of what>"."""
    colon = text.find(":", 0, 60)
    if colon > 0:
        head = text[:colon]
        known = words.bare(head)
        field = words.FIELDS.get(known, "")
        rest = text[colon + 1 :]
        if field and known in words.ALWAYS_SHORT and not _fits(field, known, rest):
            field = ""
        if field:
            return field, colon + 1
        if known.startswith("phan hoi "):
            return f"feedback {known[9:]}", colon + 1
    found = _KEY_WITHOUT_COLON.match(text)
    if found:
        return "key", found.end()
    found = _EXPLANATION_WITHOUT_COLON.match(text)
    return ("explanation", found.end()) if found else ("", 0)


def _fits(field: str, head: str, rest: str) -> bool:
    if head in ("tra loi", "cau tra loi"):
        return len(rest) <= 200
    if field == "key":
        return bool(key_of(rest).letters) or truth_word(rest)
    if field == "level":
        return bool(words.level_of_words(rest))
    if field == "type":
        return bool(words.type_of_words(rest))
    return head in ("hd", "giai", "ma", "ten", "nhan")


def truth_word(text: str) -> bool:
    """Whether the text is a word for right or wrong."""
    return words.truth_of_words(text) is not None


def key_within(text: str) -> re.Match[str] | None:
    """A key at the end of a line that begins otherwise: "D. Huế   Đáp án: B"."""
    return _KEY_WITHIN.search(text)


def key_of(text: str) -> Key:
    """What a key says."""
    text = text.strip()
    truth = words.truth_of_words(text)
    if (truth is not None and len(words.bare(text)) > 1) or text.strip(" .") in ("Đ", "đ", "S", "s"):
        return Key((), truth)
    each = _each_truth(text)
    if each:
        return Key(each)
    found = _KEY_LETTERS.fullmatch(text)
    if found:
        written = found["letters"]
        letters = [letter for letter in written.upper() if letter in words_letters(written)]
        if len(written) == 1 or not written.isalpha() or " " in written or (written.isupper() and letters == sorted(set(letters))):
            return Key(tuple(dict.fromkeys(letters)))
    found = _KEY_AND_REASON.fullmatch(text)
    if found:
        reasoned = key_of(found["letters"])
        if reasoned.letters and not reasoned.words:
            return Key(reasoned.letters, None, found["words"].strip())
    found = _KEY_LETTER_AND_WORDS.fullmatch(text)
    if found and not (len(found["words"]) == 1 and found["letter"].islower()):
        return Key((found["letter"].upper(),), None, found["words"].strip())
    return Key((), None, text)


def _each_truth(text: str) -> tuple[str, ...]:
    """Letters of what is right where each option is called right or wrong: "a) Đ b) S c) Đ", "Đ S Đ Đ"; empty for any other key."""
    at, right, count = 0, [], 0
    while at < len(text.rstrip(" .")):
        one = _ONE_TRUTH.match(text, at)
        if one is None or count >= 26:
            return ()
        if words.truth_of_words(one["truth"]):
            right.append((one["letter"] or chr(65 + count)).upper())
        count += 1
        at = one.end()
    return tuple(right) if count > 1 else ()


def words_letters(written: str) -> set[str]:
    """The letters of a list such as "A, C và D"."""
    return {letter.upper() for letter in re.findall(r"(?<![^\W\d_])[A-Za-z](?![^\W\d_])", written)} or set(written.upper())


def letters_said(text: str) -> set[str]:
    """Letters that an explanation calls right: "… nên chọn B"."""
    return {found["letter"].upper() for found in _ANSWER_SAID.finditer(text) if found["letter"].isupper()}


def topic_heading(text: str) -> tuple[str, str] | None:
    """The word and the name of a heading such as "Chủ đề 1: Lịch sử Đảng"; the name is "" where it only says what kind of questions follows."""
    found = _TOPIC.fullmatch(text)
    if found is None:
        return None
    word = fold(text).split()[0]
    name = found["name"].strip(" .:")
    if not found["end"] and name and not (name[0].isupper() or found["number"].isupper()):
        return None
    if not name:
        return word, text.strip(" .:")
    return word, "" if _KIND_OF_SECTION.match(fold(name)) else name


def roman_heading(text: str) -> str | None:
    """The name of a heading such as "II. Điều lệ Đảng"; "" where it only says what kind of questions follows; None where it is none."""
    found = _ROMAN.fullmatch(text)
    if found is None or len(text) > 150 or text.rstrip().endswith("?"):
        return None
    return "" if _KIND_OF_SECTION.match(fold(found["name"])) else found["name"].strip(" .:")


def kind_of_section(text: str) -> bool:
    """Whether a heading only says what kind of questions follows."""
    return _KIND_OF_SECTION.match(words.bare(text)) is not None


def answers_heading(text: str) -> bool:
    """Whether a line is the heading of a list of answers."""
    return len(text) < 120 and _ANSWERS_HEADING.fullmatch(words.bare(text)) is not None


def answers_of(text: str) -> list[tuple[int, str]]:
    """Numbers and keys of a line that holds nothing else ("1.A 2.B 3-C", "Câu 1: A; Câu 2: B"); empty for any other line."""
    at = _BETWEEN_ANSWERS.match(text).end()  # type: ignore[union-attr]
    found = []
    while at < len(text):
        one = _ONE_ANSWER.match(text, at)
        if one is None:
            return []
        found.append((int(one["number"]), one["key"]))
        gap = _BETWEEN_ANSWERS.match(text, one.end())
        at = gap.end() if gap else one.end()
    return found


def is_end(text: str) -> bool:
    """Whether a line only says that the paper ends here."""
    return len(text) < 40 and _END.fullmatch(text) is not None


def bullet(text: str) -> tuple[int, bool] | None:
    """Where the text after a bullet begins and whether it is starred; None where there is no bullet."""
    found = _BULLET.match(text)
    return (found.end(), bool(found["star"] or found["star2"])) if found else None


def numbered_item(text: str) -> tuple[int, int] | None:
    """The number of an item "2)" and where its text begins; None where there is none."""
    found = _NUMBERED_ITEM.match(text)
    return (int(found["number"]), found.end()) if found else None


def both_truths(text: str) -> re.Match[str] | None:
    """A line that offers "Đúng" and "Sai" next to each other; None for any other."""
    return _BOTH_TRUTHS.fullmatch(text.strip())


def is_blank_to_fill(text: str) -> bool:
    """Whether a line is nothing but dots or strokes to write on."""
    return _DOTS.fullmatch(text) is not None
