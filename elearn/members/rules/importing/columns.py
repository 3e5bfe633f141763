"""What a column of a list of people may hold: fields, the headings they go by, and how their cells look."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache

from elearn.lib.grid import Cell
from elearn.lib.vietnamese import fold

IGNORED = "ignored"


@dataclass(frozen=True, slots=True)
class Field:
    """A field of a person's row; `headings` are folded, the first one is the usual one."""

    key: str
    label: str
    headings: tuple[str, ...]
    max_length: int = 200
    is_sensitive: bool = False


def _field(key: str, label: str, headings: str, max_length: int = 200, *, is_sensitive: bool = False) -> Field:
    return Field(key, label, tuple(" ".join(heading.split()) for heading in headings.split("|")), max_length, is_sensitive)


FIELDS: dict[str, Field] = {
    each.key: each
    for each in (
        _field(
            "full_name",
            "Họ và tên",
            "ho va ten|ho ten|ten day du|ho va ten khai sinh|ho va ten dang vien|ho ten dang vien|ho va ten can bo|ho ten can bo|ho va ten hoc vien"
            "|ho ten hoc vien|ho va ten nguoi du thi|ho chu dem va ten|ho dem va ten|ho va ten chu in hoa|ten dang vien|ten hoc vien|ten can bo|hoc va ten"
            "|full name|fullname|name|member name|student name|display name",
            120,
        ),
        _field(
            "family_name",
            "Họ và đệm",
            "ho|ho dem|ho va dem|ho lot|ho va ten dem|ho va chu lot|ho va chu dem|ho ten dem|family name|last name|surname",
            120,
        ),
        _field("middle_name", "Tên đệm", "dem|ten dem|chu dem|chu lot|ten lot|middle name", 120),
        _field("given_name", "Tên", "ten|ten goi|ten rieng|given name|first name", 120),
        _field("sex", "Giới tính", "gioi tinh|gioi|phai|nam nu|gioi tinh nam nu|gt|gtinh|sex|gender"),
        _field("male_mark", "Nam (đánh dấu)", "nam danh dau"),
        _field("female_mark", "Nữ (đánh dấu)", "nu danh dau"),
        _field(
            "birth_date",
            "Ngày sinh",
            "ngay sinh|ngay thang nam sinh|nam sinh|ngay thang sinh|sinh ngay|sinh nam|ns|ntns|ngay thang nam sinh dd mm yyyy|ngay sinh dd mm yyyy"
            "|thang nam sinh|date of birth|birth date|birthdate|birthday|dob|year of birth|birth year|born",
        ),
        _field("birth_day", "Ngày (sinh)", "birth day"),
        _field("birth_month", "Tháng (sinh)", "birth month"),
        _field("birth_year", "Năm (sinh)", "birth year only"),
        _field("birth_year_male", "Năm sinh (nam)", "nam sinh nam|ngay sinh nam|ngay thang nam sinh nam|sinh nam nam"),
        _field("birth_year_female", "Năm sinh (nữ)", "nam sinh nu|ngay sinh nu|ngay thang nam sinh nu|sinh nam nu"),
        _field(
            "phone",
            "Số điện thoại",
            "so dien thoai|dien thoai|dien thoai di dong|so dien thoai di dong|dt di dong|sdt|so dt|dt|dtdd|di dong|so di dong|so may|dien thoai lien he"
            "|so dien thoai lien he|so zalo|zalo|tel|phone|phone number|mobile|mobile phone|telephone|cell",
        ),
        _field(
            "email",
            "Thư điện tử",
            "email|e mail|thu dien tu|hop thu|dia chi email|dia chi thu dien tu|gmail|mail|email address|hom thu",
        ),
        _field(
            "national_id",
            "Số định danh cá nhân",
            "so dinh danh ca nhan|so dinh danh|so cccd|cccd|so can cuoc cong dan|can cuoc cong dan|so can cuoc|can cuoc|cccd cmnd|cmnd cccd|so cmnd|cmnd"
            "|so cccd cmnd|so cmnd cccd|so chung minh nhan dan|chung minh nhan dan|ma dinh danh|ma dinh danh ca nhan|ma so dinh danh|so ddcn|ddcn|cmtnd|cmt"
            "|so cmt|so cmtnd|so giay to|national id|id card|identity card|citizen id|identification number|id number",
            is_sensitive=True,
        ),
        _field(
            "card_number",
            "Số thẻ đảng viên",
            "so the dang vien|so the dang|the dang vien|so the|the dang|stdv|so tdv|card number|party card|card no",
            is_sensitive=True,
        ),
        _field(
            "code",
            "Mã số",
            "ma so|ma|ma dang vien|ma can bo|ma nhan vien|ma hoc vien|ma nguoi|so hieu|so hieu can bo|ma cb|ma dv|mdv|ma nv|shcc|ma ho so|code|member code"
            "|employee code|staff code|staff id|member id|student id",
            40,
        ),
        _field(
            "login", "Tên đăng nhập", "ten dang nhap|tai khoan|ten tai khoan|ten truy cap|username|user name|login|account|user", 80
        ),
        _field(
            "kind",
            "Đối tượng",
            "doi tuong|loai dang vien|dien dang vien|loai|dien|tinh trang dang vien|dang vien|loai doi tuong|chinh thuc du bi|dang vien chinh thuc du bi|dv|kind"
            "|type|member type|category",
        ),
        _field("official_mark", "Đảng viên chính thức (đánh dấu)", "dang vien chinh thuc"),
        _field("probationary_mark", "Đảng viên dự bị (đánh dấu)", "dang vien du bi"),
        _field(
            "position",
            "Chức vụ",
            "chuc vu|chuc danh|chuc vu dang|chuc vu chinh quyen|chuc vu chuc danh|chuc danh chuc vu|chuc vu cong tac|chuc vu hien nay|chuc vu don vi"
            "|chuc vu don vi cong tac|nhiem vu|cong viec|nghe nghiep|position|title|job title|role|occupation",
        ),
        _field(
            "unit",
            "Đơn vị",
            "don vi|chi bo|ten don vi|ten chi bo|don vi cong tac|noi cong tac|co quan|co quan don vi|co quan don vi cong tac|don vi sinh hoat|noi sinh hoat"
            "|chi bo sinh hoat|noi sinh hoat dang|sinh hoat tai chi bo|to chuc dang|to chuc|to chuc dang sinh hoat|ma don vi|ma chi bo|ten to chuc dang|phong ban"
            "|bo phan|phong|khoa|don vi phong ban|noi lam viec|chi bo truc thuoc|chi bo dang sinh hoat|thuoc chi bo|chi bo co so|lop|to|khu pho|thon|unit|unit code"
            "|unit name|department|organisation|organization|branch|division|org|workplace",
        ),
        _field(
            "parent_unit",
            "Đơn vị cấp trên",
            "don vi cap tren|don vi chu quan|cap tren|dang bo|dang uy|dang bo cap tren|dang uy cap tren|dang bo co so|dang bo truc thuoc|thuoc dang bo"
            "|thuoc dang uy|don vi quan ly|co quan chu quan|don vi cap tren truc tiep|to chuc dang cap tren|to chuc cap tren|parent unit|parent"
            "|parent organisation|parent organization",
        ),
        _field("ethnicity", "Dân tộc", "dan toc|dt thieu so|ethnicity|ethnic group|ethnic", is_sensitive=True),
        _field("religion", "Tôn giáo", "ton giao|religion", is_sensitive=True),
        _field(
            "hometown",
            "Quê quán",
            "que quan|nguyen quan|que|noi sinh|dia chi|ho khau thuong tru|noi cu tru|cho o hien nay|noi o hien nay|dia chi thuong tru|thuong tru|noi thuong tru"
            "|noi o|hometown|native place|place of birth|address",
        ),
        _field(
            "joined_on",
            "Ngày vào Đảng",
            "ngay vao dang|ngay ket nap|ngay ket nap dang|ngay vao dang du bi|ngay du bi|vao dang ngay|nam vao dang|ngay thang nam vao dang|ngay ket nap vao dang"
            "|ngay vd|ngay kn|vao dang|ket nap|vao dang du bi|ngay vao|du bi|date joined|joined on|joined|admission date|join date",
        ),
        _field(
            "official_on",
            "Ngày chính thức",
            "ngay chinh thuc|ngay vao dang chinh thuc|ngay cong nhan chinh thuc|chinh thuc|ngay cong nhan dang vien chinh thuc|ngay ct|ngay chuyen chinh thuc"
            "|ngay chuyen dang chinh thuc|vao dang chinh thuc|ngay thang nam chinh thuc|official on|official date|date official",
        ),
        _field(
            "education",
            "Trình độ",
            "trinh do|trinh do hoc van|hoc van|trinh do chuyen mon|chuyen mon|trinh do ly luan chinh tri|ly luan chinh tri|trinh do llct|llct|van hoa|giao duc pho thong"
            "|trinh do van hoa|bang cap|hoc vi|education|degree|qualification",
        ),
        _field("note", "Ghi chú", "ghi chu|chu thich|ly do|noi dung|note|notes|remark|remarks|comment|comments"),
        _field("ordinal", "STT", "stt|tt|so tt|so thu tu|thu tu|no|s t t|t t|ordinal|number|index"),
        _field(
            IGNORED,
            "Bỏ qua",
            "ngay cap|noi cap|ngay cap cccd|noi cap cccd|ky ten|chu ky|ky nhan|ky|diem|xep loai|anh|anh the|tuoi|tuoi dang|khen thuong|ky luat",
        ),
    )
}

_EXACT: dict[str, str] = {heading: each.key for each in FIELDS.values() for heading in each.headings}
# Phrases inside a longer heading; the first that is found decides, so the narrow ones stand before the wide ones.
_INSIDE: tuple[tuple[str, str], ...] = (
    ("ngay cap", IGNORED), ("noi cap", IGNORED), ("chu ky", IGNORED), ("ky nhan", IGNORED), ("nguoi than", IGNORED), ("tuoi dang", IGNORED), ("xac nhan", IGNORED),
    ("huy hieu", IGNORED), ("mien sinh hoat", IGNORED), ("ten goi khac", IGNORED), ("bi danh", IGNORED),
    ("ten dang nhap", "login"), ("tai khoan dang nhap", "login"), ("email", "email"), ("e mail", "email"), ("thu dien tu", "email"),
    ("dinh danh", "national_id"), ("cccd", "national_id"), ("cmnd", "national_id"), ("can cuoc", "national_id"), ("chung minh", "national_id"),
    ("so the", "card_number"), ("the dang", "card_number"), ("dien thoai", "phone"), ("sdt", "phone"), ("dtdd", "phone"), ("di dong", "phone"), ("phone", "phone"),
    ("ngay chinh thuc", "official_on"), ("dang chinh thuc", "official_on"), ("cong nhan chinh thuc", "official_on"), ("official date", "official_on"),
    ("vao dang", "joined_on"), ("ket nap", "joined_on"),
    ("noi sinh hoat", "unit"), ("sinh hoat", "unit"), ("noi sinh", "hometown"), ("date of birth", "birth_date"), ("ngay sinh", "birth_date"), ("nam sinh", "birth_date"),
    ("thang sinh", "birth_date"), ("ngay thang nam", "birth_date"),
    ("gioi tinh", "sex"), ("dan toc", "ethnicity"), ("ton giao", "religion"), ("que quan", "hometown"), ("nguyen quan", "hometown"), ("thuong tru", "hometown"),
    ("dia chi", "hometown"), ("noi o", "hometown"), ("cap tren", "parent_unit"), ("chu quan", "parent_unit"), ("dang bo", "parent_unit"), ("dang uy", "parent_unit"),
    ("chuc vu", "position"), ("chuc danh", "position"), ("nghe nghiep", "position"), ("trinh do", "education"), ("hoc van", "education"), ("ly luan", "education"),
    ("ho va ten", "full_name"), ("ho ten", "full_name"), ("full name", "full_name"), ("ho dem", "family_name"), ("ho va dem", "family_name"),
    ("loai dang vien", "kind"), ("doi tuong", "kind"), ("ma dang vien", "code"), ("ma so", "code"), ("so hieu", "code"),
    ("chi bo", "unit"), ("don vi", "unit"), ("co quan", "unit"), ("cong tac", "unit"), ("lam viec", "unit"), ("to chuc", "unit"), ("phong ban", "unit"),
    ("ghi chu", "note"), ("so thu tu", "ordinal"),
)  # fmt: skip
_NOT_WORDS = re.compile(r"[^a-z0-9]+")
_BRACKETS = re.compile(r"\([^)]*\)|\[[^\]]*\]")
_MAX_HEADING = 80  # a longer text is a sentence


def folded_heading(text: str) -> str:
    """Letters and digits only, without accents: "Ngày, tháng, năm sinh" gives "ngay thang nam sinh"; cut where far too long."""
    return _folded(text[: _MAX_HEADING * 3])


@lru_cache(maxsize=8192)
def _folded(text: str) -> str:
    return _NOT_WORDS.sub(" ", fold(text)).strip()


def field_of_heading(text: str) -> tuple[str, float]:
    """The field a heading names and how sure that is (1 exact, 0.9 without what stands in brackets, 0.7 a phrase in it); ("", 0) if none."""
    return _field_of_heading(text) if len(text) <= _MAX_HEADING * 3 else ("", 0.0)


@lru_cache(maxsize=8192)
def _field_of_heading(text: str) -> tuple[str, float]:
    heading = folded_heading(text)
    if not heading or len(heading) > _MAX_HEADING:
        return "", 0.0
    if heading in _EXACT:
        return _EXACT[heading], 1.0
    bare = folded_heading(_BRACKETS.sub(" ", text))
    if bare in _EXACT:
        return _EXACT[bare], 0.9
    padded = f" {heading} "
    for phrase, key in _INSIDE:
        if f" {phrase} " in padded:
            return key, 0.7
    return "", 0.0


_PHONE = re.compile(r"(?:\+?84|0)?[235789][0-9]{8,9}")
_SPACING = re.compile(r"[\s.\-()]")
_DATE = re.compile(r"(?:[0-9]{1,2}[/.\-])?[0-9]{1,2}[/.\-](?:[0-9]{4}|[0-9]{2})|[0-9]{4}-[0-9]{1,2}-[0-9]{1,2}.*")
_YEAR = re.compile(r"(?:19|20)[0-9]{2}")
_EMAIL = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+")
_SURNAMES = frozenset(
    [
        "nguyen",
        "tran",
        "le",
        "pham",
        "hoang",
        "huynh",
        "phan",
        "vu",
        "vo",
        "dang",
        "bui",
        "do",
        "ho",
        "ngo",
        "duong",
        "ly",
        "dao",
        "dinh",
        "lam",
        "truong",
        "mai",
        "trinh",
        "doan",
        "luong",
        "vuong",
        "ta",
        "thai",
        "ha",
        "cao",
        "chau",
        "phung",
        "to",
        "quach",
        "tang",
        "la",
        "kieu",
        "luu",
        "nghiem",
        "tong",
        "thach",
        "kim",
        "son",
        "danh",
        "lo",
        "vi",
        "ha",
        "ka",
        "y",
        "h",
        "ma",
        "trieu",
        "ban",
        "nong",
        "hua",
        "be",
        "quang",
        "lu",
        "giang",
        "a",
        "sung",
        "vang",
        "giay",
        "ho",
        "thao",
        "khuat",
        "lai",
        "lac",
        "mac",
        "mau",
        "nhan",
        "ninh",
        "on",
        "phi",
        "phu",
        "tu",
        "ung",
        "van",
        "au",
        "bach",
        "cam",
        "che",
        "co",
        "chu",
        "cu",
        "dam",
        "dau",
        "dong",
        "hong",
        "khong",
        "khuong",
        "khuc",
        "la",
        "mong",
        "nhu",
        "ong",
        "thieu",
        "thi",
        "tieu",
        "ton",
        "trang",
        "tuong",
        "ung",
        "vien",
        "dieu",
        "dam",
        "gia",
        "bo",
    ]
)
_MARKS = frozenset(("x", "v", "✓", "✔", "+", "có"))
# With accents: "Trương" is a family name, "trường" is a school.
_UNIT_WORDS = re.compile(
    "(?:chi bộ|đảng bộ|đảng [uủ][ỷy]|phòng|xã|phường|thôn|khu phố|trường|công ty|cơ quan|trung tâm|văn phòng|tổ dân phố|ubnd|công an) "
)
_KINDS = frozenset(
    (
        "chinh thuc",
        "du bi",
        "dang vien",
        "dang vien chinh thuc",
        "dang vien du bi",
        "quan chung uu tu",
        "can bo",
        "khach moi",
        "official",
        "probationary",
    )
)
_SEXES = frozenset(("nam", "nu", "male", "female", "m", "f"))

# What a column's cells may look like, in words.
LOOKS = {
    "full_name": "họ và tên người Việt",
    "given_name": "tên (một chữ)",
    "family_name": "họ và tên đệm",
    "phone": "số điện thoại",
    "email": "địa chỉ thư điện tử",
    "national_id": "số định danh 12 chữ số",
    "birth_date": "ngày tháng",
    "sex": "Nam hoặc Nữ",
    "mark": "dấu x",
    "unit": "tên đơn vị",
    "kind": "loại đối tượng",
    "ordinal": "số thứ tự",
}


def look_of(cell: Cell) -> str:
    """What one cell looks like: a key of LOOKS, "year", or "" for nothing in particular."""
    if isinstance(cell, bool):
        return ""
    if isinstance(cell, datetime | date):
        return "birth_date"
    if isinstance(cell, int | float):
        return _look_of_number(float(cell))
    return _look_of_text(cell.strip()) if isinstance(cell, str) else ""


def _look_of_number(number: float) -> str:
    if not number.is_integer() or number < 0:
        return ""
    if 1900 <= number <= 2030:
        return "year"
    if number < 1900:
        return "ordinal"
    if 2e8 <= number < 1e9:
        return "phone"
    if 1e9 <= number < 1e12:
        return "national_id"
    return "birth_date" if 10_000 <= number < 50_000 else ""


def _look_of_text(text: str) -> str:
    if text.isascii():
        digits = _SPACING.sub("", text)
        if digits.isdigit():
            if len(digits) == 12:
                return "national_id"
            if _YEAR.fullmatch(text):
                return "year"
            if len(digits) <= 4:
                return "ordinal"
        if _DATE.fullmatch(text):
            return "birth_date"
        if _PHONE.fullmatch(digits):
            return "phone"
        if _EMAIL.fullmatch(text):
            return "email"
    folded = folded_heading(text[:_MAX_HEADING])
    if text.lower() in _MARKS:
        return "mark"
    if folded in _SEXES:
        return "sex"
    if folded in _KINDS:
        return "kind"
    if _UNIT_WORDS.match(text[:_MAX_HEADING].lower() + " "):
        return "unit"
    words = folded.split()
    if not words or any(character.isdigit() for character in folded):
        return ""
    if 2 <= len(words) <= 6 and words[0] in _SURNAMES and text[0].isupper():
        return "full_name"
    return "given_name" if len(words) == 1 and len(words[0]) <= 7 and text[0].isupper() else ""


def looks(cells: Sequence[Cell]) -> dict[str, float]:
    """Share of the non-empty cells that look like each thing."""
    counts: dict[str, int] = {}
    total = 0
    for cell in cells:
        if cell is None or cell == "" or (isinstance(cell, str) and not cell.strip()):
            continue
        total += 1
        look = look_of(cell)
        counts[look] = counts.get(look, 0) + 1
    return {look: count / total for look, count in counts.items() if look}
