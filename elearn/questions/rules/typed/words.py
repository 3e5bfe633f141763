"""The words by which people mark the parts of a question in a typed file, and the ones that we write ourselves.

Heads of fields are compared without accents and capitals. This file holds words of files, not messages.
"""

from __future__ import annotations

import re
from functools import lru_cache

from elearn.lib.vietnamese import fold

# What each field is called when we write it, and what else it may be called.
WRITTEN = {
    "topic": "Chủ đề",
    "key": "Đáp án",
    "or": "Hoặc",
    "explanation": "Giải thích",
    "source": "Nguồn",
    "level": "Mức độ",
    "mark": "Điểm",
    "type": "Loại",
    "code": "Mã câu",
    "name": "Tên câu",
    "tags": "Thẻ",
    "category": "Danh mục",
    "document": "Văn bản",
    "clause": "Điều khoản",
    "as_of": "Đúng vào ngày",
    "valid_to": "Hết hiệu lực ngày",
    "weights": "Hệ số",
    "credit": "Cách chấm",
    "numbering": "Đánh số",
    "shuffle": "Trộn phương án",
    "last": "Giữ cuối",
    "case": "Phân biệt hoa thường",
    "accents": "Phân biệt dấu",
    "lines": "Số dòng",
    "word_limit": "Giới hạn số từ",
    "attachments": "Số tệp nộp",
    "rubric": "Tiêu chí chấm",
    "guide": "Hướng dẫn chấm",
    "template": "Mẫu bài làm",
    "examiners": "Số người chấm",
    "difference": "Chênh lệch tối đa",
    "files": "Tệp kèm",
    "body": "Dữ liệu gốc",
}
QUESTION = "Câu"
LESSON = "bài"
ANSWERS = "BẢNG ĐÁP ÁN"
FEEDBACK = "Phản hồi"
FEEDBACK_OF = {"right": "khi đúng", "partial": "khi đúng một phần", "wrong": "khi sai"}
TRUTH = {True: "Đúng", False: "Sai"}
YES_NO = {True: "có", False: "không"}
NOBODY = "không"
TYPES = {
    "single_choice": "một đáp án",
    "multiple_choice": "nhiều đáp án",
    "true_false": "đúng sai",
    "short_answer": "trả lời ngắn",
    "essay": "tự luận",
    "numeric": "trả lời bằng số",
    "matching": "ghép đôi",
    "ordering": "sắp thứ tự",
    "gap_fill": "điền chỗ trống",
    "calculated": "tính theo số liệu",
    "description": "đoạn dẫn",
}
CREDITS = {"all_or_nothing": "đủ và đúng", "weights": "theo hệ số", "right_minus_wrong": "đúng trừ sai"}
LEVELS = {"nhan_biet": "Nhận biết", "thong_hieu": "Thông hiểu", "van_dung": "Vận dụng"}

_OTHERS = {
    "key": "dap an dung|dap an dung la|dap an la|dap an chinh xac|dap an dung nhat|dap an dung nhat la|phuong an dung|phuong an dung la|phuong an tra loi dung|"
    "d/a|d/a dung|da|da dung|key|answer|ans|correct answer|right answer|tra loi|cau tra loi dung|cau tra loi|chon|chon dap an|chon phuong an|=> chon",
    "explanation": "huong dan|huong dan giai|huong dan tra loi|loi giai|giai|hd|explanation|phan tich|goi y|loi giai chi tiet|giai thich dap an|giai chi tiet|ly giai",
    "source": "can cu|can cu phap ly|trich|trich dan|trich nguon|tham khao|tai lieu tham khao|source|co so phap ly|nguon trich",
    "level": "cap do|level|do kho|muc do nhan thuc|muc|bac nhan thuc",
    "mark": "so diem|thang diem|points|mark|marks",
    "type": "loai cau|loai cau hoi|dang|dang cau hoi",
    "code": "ma|ma cau hoi",
    "name": "ten",
    "tags": "tu khoa|nhan",
    "category": "thu muc",
    "topic": "chuyen de|topic",
}
_TYPE_WORDS = {
    "trac nghiem": "single_choice", "mot lua chon": "single_choice", "trac nghiem mot dap an": "single_choice", "nhieu lua chon": "multiple_choice",
    "trac nghiem nhieu dap an": "multiple_choice", "dung/sai": "true_false", "dung hay sai": "true_false", "dung - sai": "true_false", "tra loi": "short_answer",
    "luan": "essay",
}  # fmt: skip
_LEVEL_WORDS = {
    "nb": "nhan_biet", "nhan biet": "nhan_biet", "biet": "nhan_biet", "de": "nhan_biet", "muc 1": "nhan_biet", "m1": "nhan_biet", "1": "nhan_biet",
    "th": "thong_hieu", "thong hieu": "thong_hieu", "hieu": "thong_hieu", "trung binh": "thong_hieu", "tb": "thong_hieu", "muc 2": "thong_hieu", "m2": "thong_hieu", "2": "thong_hieu",
    "vd": "van_dung", "van dung": "van_dung", "vdc": "van_dung", "van dung cao": "van_dung", "van dung thap": "van_dung", "vdt": "van_dung", "kho": "van_dung",
    "muc 3": "van_dung", "m3": "van_dung", "3": "van_dung", "muc 4": "van_dung", "m4": "van_dung", "4": "van_dung",
}  # fmt: skip
LEVEL_TAGS = "NB|TH|VDC|VDT|VD|Nhận biết|Thông hiểu|Vận dụng cao|Vận dụng thấp|Vận dụng"

FIELDS = {fold(name): key for key, name in WRITTEN.items()} | {
    word: key for key, words in _OTHERS.items() for word in words.split("|")
}
OURS = frozenset(WRITTEN) - {"topic", "key", "explanation", "source", "level", "mark", "type", "or"}
"""Fields that only files of our own making use: looked for where a question has said enough to be one."""
ALWAYS_SHORT = frozenset(
    (
        "chon",
        "chon dap an",
        "chon phuong an",
        "=> chon",
        "muc",
        "giai",
        "da",
        "hd",
        "dang",
        "ma",
        "ten",
        "nhan",
        "tra loi",
        "cau tra loi",
    )
)
"""Heads that are also ordinary words: they are fields only where what follows fits."""

TRUE_WORDS = frozenset(("dung", "d", "true", "t", "yes", "phat bieu dung", "menh de dung"))
FALSE_WORDS = frozenset(("sai", "s", "false", "f", "no", "phat bieu sai", "menh de sai"))

_PUNCTUATION = " \t.,:;!?()[]{}\"'“”‘’*-–—_/|<>=→•"


@lru_cache(maxsize=65536)
def bare(text: str) -> str:
    """Words to compare by: without accents, capitals and the punctuation around them."""
    return fold(text).strip(_PUNCTUATION)


def field_of_head(head: str) -> str:
    """The field that a head such as "Đáp án đúng" or "D/A" names; "" for none."""
    return FIELDS.get(bare(head), "")


def type_of_words(words: str) -> str:
    """The key of a type by its name; "" for none."""
    known = bare(words)
    if known in TYPES:
        return known
    return next((key for key, name in TYPES.items() if fold(name) == known), "") or _TYPE_WORDS.get(known, "")


def level_of_words(words: str) -> str:
    """The key of a level by its name or its letters; "" for none."""
    return _LEVEL_WORDS.get(re.sub(r"\s+", " ", bare(words)), "")


def truth_of_words(words: str) -> bool | None:
    """Whether the words say right or wrong; None where they say something else."""
    known = bare(words)
    return True if known in TRUE_WORDS else False if known in FALSE_WORDS else None


_LAST = re.compile(
    r"^(?:tat ca|toan bo|ca (?:hai|ba|bon|nam|[2-9])(?: \w+){0,3}|moi (?:dap an|phuong an|y))\b.{0,40}\b(?:tren|dung|sai|nay)\b"
    r"|^(?:tat ca|ca (?:hai|ba|bon|[2-9]))(?: (?:cac |nhung )?(?:dap an|phuong an|y|y kien|cau|noi dung|truong hop))$"
    r"|^(?:cac|nhung) (?:dap an|phuong an|y|cau|noi dung) (?:tren|con lai)\b"
    r"|^(?:khong|ko|chang) (?:co )?(?:(?:dap an|phuong an|y|cau|truong hop) )?nao\b(?! (?:duoc|phai)\b).{0,30}$"
    r"|^(?:all|none) of the above|^mot (?:dap an|phuong an) khac$|^y kien khac$"
)
_LETTERS = re.compile(
    r"(?<!\w)(?:[Cc]ả|[Gg]ồm|[Cc]hỉ|[Pp]hương án|[Đđ]áp án|[Cc]âu|Ý|ý)?\s*(?<!\w)[A-H]\s*(?:,|và|&|\+|hoặc|and)\s*(?:[A-H]\s*(?:,|và|&|\+|hoặc|and)\s*)*[A-H](?!\w)"
)


def names_letters(text: str) -> bool:
    """Whether an option speaks of other options by their letters: "Cả A và B", "A, B, C đều đúng"."""
    found = _LETTERS.search(text)
    return found is not None and len(text) <= found.end() - found.start() + 40 and found.start() <= 12


def stays_last(text: str) -> bool:
    """Whether an option makes sense only after all others: "Tất cả các đáp án trên", "Không có đáp án nào", "Cả A và B"."""
    return names_letters(text) or _LAST.match(bare(text)) is not None
