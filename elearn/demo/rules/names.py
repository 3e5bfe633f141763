"""Vietnamese names as they occur: family names by frequency, middle and given names by sex and generation, both spellings of hoà."""

# ruff: noqa: SIM905 - a list of words is read more easily as text

from __future__ import annotations

import random
import re
import unicodedata

from elearn.demo.rules.chance import Lot
from elearn.lib.vietnamese import fold, normalise

# Shares in per cent, after the usual counts for the whole country, with more of the peoples of the mountains than there.
_FAMILIES = Lot(
    [
        ("Nguyễn", 31.5), ("Trần", 10.9), ("Lê", 8.9), ("Phạm", 5.9), ("Hoàng", 4.2), ("Huỳnh", 0.9), ("Phan", 2.8), ("Vũ", 2.6),
        ("Võ", 1.3), ("Đặng", 2.1), ("Bùi", 2.3), ("Đỗ", 1.9), ("Hồ", 1.2), ("Ngô", 1.3), ("Dương", 1.0), ("Lý", 0.8), ("Đào", 0.8),
        ("Đinh", 1.0), ("Trương", 1.2), ("Mai", 0.6), ("Trịnh", 0.8), ("Đoàn", 0.7), ("Hà", 1.0), ("Lương", 0.7), ("Cao", 0.5),
        ("Tạ", 0.4), ("Chu", 0.4), ("Phùng", 0.5), ("Lưu", 0.4), ("Thái", 0.3), ("Lâm", 0.4), ("Kiều", 0.2), ("Nghiêm", 0.2),
        ("Quách", 0.3), ("Tô", 0.2), ("Vi", 0.3), ("Đồng", 0.2), ("Khuất", 0.1), ("Bạch", 0.2), ("Vương", 0.3), ("Triệu", 0.4),
        ("Nông", 0.5), ("Bế", 0.1), ("Hứa", 0.1), ("Lò", 1.3), ("Quàng", 0.7), ("Lường", 0.7), ("Cà", 0.4), ("Tòng", 0.3),
        ("Lèo", 0.1), ("Vừ", 0.3), ("Giàng", 0.3), ("Vàng", 0.3), ("Thào", 0.3), ("Sùng", 0.2), ("Mùa", 0.2), ("Phàn", 0.1),
        ("Tẩn", 0.1),
    ]
)  # fmt: skip
_THAI = frozenset({"Lò", "Quàng", "Lường", "Cà", "Tòng", "Lèo"})
_HMONG = frozenset({"Vừ", "Giàng", "Vàng", "Thào", "Sùng", "Mùa"})


def _words(text: str) -> tuple[str, ...]:
    return tuple(text.split())


_MIDDLE_MALE = Lot(
    [(word, 2.0) for word in _words("Đức Hữu Ngọc Minh Thanh Quang Xuân Đình Công Duy Trọng Mạnh Quốc Anh Tiến Thế Trung Tuấn")]
    + [(word, 0.8) for word in _words("Hồng Bá Việt Hoàng Khắc Viết Sỹ Chí Huy Phú Kim Thành Như Danh Doãn Tất Phúc Vĩnh Hải")]
)
_MIDDLE_FEMALE = Lot(
    [(word, 2.0) for word in _words("Thu Thanh Ngọc Minh Phương Hồng Kim Thuý Bích Lan Mai Hải")]
    + [(word, 1.0) for word in _words("Quỳnh Hoài Khánh Tuyết Mỹ Như Thuỳ Vân Ánh Cẩm Diệu Diễm Kiều Lệ Tú Hà Xuân Hoàng Thuỷ")]
)
_MIDDLE_YOUNG = {
    "male": Lot([(word, 1.0) for word in _words("Gia Bảo Nhật Đăng Hoàng Minh Tuấn Anh Quang Đức Khánh Thành Duy")]),
    "female": Lot([(word, 1.0) for word in _words("Khánh Bảo Hà Phương Thuỳ Quỳnh Minh Ngọc Mai Diệu Linh Thảo Hải Anh")]),
}

_GIVEN = {
    ("male", 0): _words(
        "Hùng Dũng Sơn Bình Thắng Tiến Quyết Chiến Thành Hải Lợi Định Hoan Khoát Luận Thiệp Thuỷ Tài Phúc Đức Lộc Thọ Tư Năm Sáu Bảy "
        "Cường Kính Nghĩa Lễ Trung Tín Vinh Quang Nhượng Khoan Chung Tạo Cầu Tuất Tý Sửu Dần Ngọ Thìn Hợi Mão Chất Toản Thuật "
        "Khuê Điền Tỉnh Nhẫn Vượng Ích Thịnh Sắc Chữ Mẫn Hoà Huấn Đoàn Kết Lập Phấn Hoạch Hoạt Tường Trạch Đồng Lượng"
    ),
    ("male", 1): _words(
        "Hùng Dũng Cường Tuấn Anh Minh Hải Long Thành Trung Nam Sơn Hưng Hoà Toàn Thắng Kiên Quân Hiếu Tùng Linh Tú Việt Đông Giang Hà "
        "Hiệp Khánh Lâm Phong Phương Quyền Thái Thuận Tiến Trường Vũ Vương Xuân Đạt Bằng Chính Công Đại Điệp Hậu Hoàn Huy Khải Khiêm "
        "Dương Đức Nghĩa Thịnh Chiến Quý Bắc Tân Luân Mạnh Ngọc Tuyên Lực Học Biên Thạch Thức Thuỵ Khoẻ Toại Hoành Duy Ước"
    ),
    ("male", 2): _words(
        "Đức Huy Khôi Khang Bảo Nam Minh Phong Long Quân An Nhật Hoàng Khánh Phúc Thịnh Đăng Khoa Bách Tùng Duy Việt Vũ Nguyên Hiếu Đạt "
        "Trí Kiệt Sơn Lâm Dương Tuấn Anh Hải Thành Trung Hưng Đông Tú Thái Cường Mạnh Quang Kiên Hà Tân Dũng Quyết Nghĩa Vinh Thắng"
    ),
    ("female", 0): _words(
        "Lan Huệ Hồng Cúc Mai Đào Lý Mận Nhàn Hợi Bé Tư Sáu Bảy Thơm Thảo Xuân Thu Đông Hạ Nga Hoa Tuyết Nguyệt Liên Sen Thìn Tỵ Mùi Hà "
        "Phượng Loan Yến Oanh Quyên Nhung Lụa Gấm Hiền Thục Đoan Lương Thoa Vân Vui Mừng Ngát Dịu Chín Bưởi Na Hoè Thuý Ngoan Nết Lành "
        "Hoà Chanh Vượng Miền Chiên Viễn Sửu Ngọ Tuất Quế Chúc Hiệp Phẩm Nhị Ấm Tâm Thuỷ Dung Chuyên"
    ),
    ("female", 1): _words(
        "Hương Hằng Hạnh Hoa Huệ Hiền Lan Liên Loan Mai Nga Ngân Ngọc Nhung Oanh Phương Phượng Quyên Thanh Thảo Thu Thuỷ Thuý Trang "
        "Tuyết Vân Yến Dung Giang Hà Lý Minh Nguyệt Tâm Thơm Hường Hậu Hoà Bích Châm Chi Chinh Diễm Duyên Hiên Huyền Khuyên Lệ Luyến Ly "
        "Mỹ Nhàn Nụ Sâm Sinh Thoa Thuận Tươi Vui Xuân Ánh Bình Hải Anh Đào Lương Thắm Dịu Uyên Vinh Hảo Toan Mơ Ngà Bảy Chiêm"
    ),
    ("female", 2): _words(
        "Linh Trang Anh Hà Chi Thảo Ngọc Nhi My Vy Phương Hương Thuỳ Quỳnh Mai Ngân Giang Uyên Trâm Diệp Hân Châu Ly Yến Thư Khánh Tú "
        "Như Nhung Ánh Hiền Huyền Oanh Duyên Vân Hoà Hằng Hạnh Hoài Lan Dung Loan Lê Thuỷ Minh An Hải Xuân Tâm Nga"
    ),
}
_GIVEN_THAI = {
    "male": _words("Pâng Hặc Ín Ón Chung Thuận Hợp Biên Sơn Tưởng Panh Xôm Diêu Ngoan Dũng Inh Hiêng Thoan Cương Ái Pản"),
    "female": _words("Ính Phương Hặc Pọm Xuân Ngoan Thoa Hiên Lả Chương Biên Dung Ơn Panh Yêu Đôi Ín Hồng Chinh Hoa"),
}
_GIVEN_HMONG = {
    "male": _words("Páo Dơ Chu Lử Sinh Tủa Vạng Sình Páy Dế Của Thề Giống Lầu Nủ Sà Phử Tếnh"),
    "female": _words("Mỷ Dua Chía Sua Máy Dợ Pàng Chư Mai Xía Sông Nhìa Ca Dở Chà"),
}

# Names that everybody knows from history or the news; an invented person must not bear one, whatever the accents.
KNOWN_PEOPLE = frozenset(
    fold(name)
    for name in """
    Hồ Chí Minh, Nguyễn Ái Quốc, Nguyễn Tất Thành, Nguyễn Sinh Cung, Nguyễn Sinh Sắc, Hoàng Thị Loan, Tô Lâm, Nguyễn Phú Trọng,
    Nông Đức Mạnh, Lê Khả Phiêu, Đỗ Mười, Nguyễn Văn Linh, Trường Chinh, Đặng Xuân Khu, Lê Duẩn, Nguyễn Văn Cừ, Hà Huy Tập,
    Lê Hồng Phong, Trần Phú, Tôn Đức Thắng, Võ Nguyên Giáp, Phạm Văn Đồng, Phạm Hùng, Võ Văn Kiệt, Phan Văn Khải, Nguyễn Tấn Dũng,
    Nguyễn Xuân Phúc, Phạm Minh Chính, Võ Văn Thưởng, Lương Cường, Trần Đại Quang, Trương Tấn Sang, Nguyễn Minh Triết,
    Trần Đức Lương, Lê Đức Anh, Võ Chí Công, Nguyễn Hữu Thọ, Nguyễn Lương Bằng, Vương Đình Huệ, Trần Thanh Mẫn, Nguyễn Thị Kim Ngân,
    Nguyễn Sinh Hùng, Nguyễn Văn An, Lê Quang Đạo, Võ Thị Ánh Xuân, Đặng Thị Ngọc Thịnh, Nguyễn Thị Doan, Nguyễn Thị Bình,
    Nguyễn Thị Định, Nguyễn Thị Minh Khai, Trần Cẩm Tú, Đỗ Văn Chiến, Bùi Thị Minh Hoài, Nguyễn Trọng Nghĩa, Phan Đình Trạc,
    Lê Minh Hưng, Phan Văn Giang, Lương Tam Quang, Nguyễn Hoà Bình, Nguyễn Duy Ngọc, Trần Lưu Quang, Lê Hoài Trung, Trần Sỹ Thanh,
    Trịnh Văn Quyết, Trương Thị Mai, Tòng Thị Phóng, Phạm Bình Minh, Trương Hoà Bình, Vũ Đức Đam, Nguyễn Thiện Nhân, Đinh La Thăng,
    Hoàng Trung Hải, Lê Thanh Hải, Nguyễn Văn Nên, Mai Văn Chính, Bùi Thanh Sơn, Trần Hồng Hà, Hồ Đức Phớc, Nguyễn Chí Dũng,
    Lê Thành Long, Lê Minh Khái, Nguyễn Thị Hồng, Nguyễn Kim Sơn, Nguyễn Mạnh Hùng, Nguyễn Văn Thắng, Đào Ngọc Dung, Phạm Thị Thanh Trà,
    Đỗ Thanh Bình, Trần Đức Thắng, Nguyễn Hải Ninh, Đào Hồng Lan, Nguyễn Văn Hùng, Lê Minh Hoan, Nguyễn Khắc Định, Nguyễn Đức Hải,
    Trần Quang Phương, Nguyễn Thị Thanh, Vũ Hồng Thanh, Lê Minh Trí, Nguyễn Văn Quảng, Lê Tiến Châu, Bùi Văn Cường, Lâm Thị Phương Thanh,
    Nguyễn Văn Hiền, Hoàng Văn Thụ, Phan Đăng Lưu, Ngô Gia Tự, Nguyễn Đức Cảnh,
    Trịnh Đình Cửu, Châu Văn Liêm, Nguyễn Chí Thanh, Văn Tiến Dũng, Hoàng Quốc Việt, Lê Đức Thọ, Nguyễn Duy Trinh, Chu Huy Mân,
    Trần Quốc Hoàn, Nguyễn Cơ Thạch, Trần Văn Giàu, Huỳnh Thúc Kháng, Phan Bội Châu, Phan Châu Trinh, Phan Chu Trinh, Lý Tự Trọng,
    Võ Thị Sáu, Nguyễn Văn Trỗi, Kim Đồng, Nông Văn Dền, Nguyễn Viết Xuân, Phan Đình Giót, Tô Vĩnh Diện, Bế Văn Đàn, La Văn Cầu,
    Cù Chính Lan, Vừ A Dính, Nguyễn Bá Ngọc, Đặng Thuỳ Trâm, Mạc Thị Bưởi, Trần Thị Lý, Lê Văn Tám, Nguyễn Văn Bé, Trần Hưng Đạo,
    Trần Quốc Tuấn, Trần Quang Khải, Trần Quốc Toản, Trần Nhân Tông, Lê Lợi, Lê Thánh Tông, Nguyễn Trãi, Nguyễn Huệ, Nguyễn Du,
    Hồ Xuân Hương, Lý Thường Kiệt, Lý Thái Tổ, Lý Công Uẩn, Ngô Quyền, Đinh Bộ Lĩnh, Đinh Tiên Hoàng, Lê Hoàn, Nguyễn Bỉnh Khiêm,
    Hoàng Hoa Thám, Nguyễn Thái Học, Phan Đình Phùng, Trương Định, Nguyễn Trung Trực, Trần Văn Trà, Hoàng Minh Giám, Nguyễn Văn Huyên, Tạ Quang Bửu, Tố Hữu, Xuân Thuỷ, Lê Trọng Tấn,
    Hoàng Văn Thái, Nguyễn Bình, Nguyễn Sơn, Trần Đại Nghĩa, Tôn Thất Tùng, Phạm Ngọc Thạch, Nguyễn Thị Thập, Hà Thị Quế, Lê Thị Hồng Gấm,
    Nguyễn Thị Út, Phạm Tuân, Ngô Bảo Châu, Nguyễn Quang Hải, Hoàng Xuân Vinh, Nguyễn Thị Ánh Viên
    """.split(",")
    if name.strip()
)

_OPEN_END = re.compile(r"(?<![qQ])([ouOU])([àáảãạèéẻẽẹỳýỷỹỵ])(?= |$)")


def old_spelling(name: str) -> str:
    """The name with the tone on the first vowel, as many write: Hoà → Hòa, Thuỷ → Thủy; Quý stays."""

    def move(found: re.Match[str]) -> str:
        letters = unicodedata.normalize("NFD", found[2])
        return unicodedata.normalize("NFC", found[1] + letters[1:]) + letters[0]

    return _OPEN_END.sub(move, name)


def is_known(name: str) -> bool:
    """True where somebody of note bears the name, accents aside."""
    return fold(name) in KNOWN_PEOPLE


def generation(birth_year: int) -> int:
    """0 for those born before 1965, 1 before 1988, 2 after."""
    return 0 if birth_year < 1965 else 1 if birth_year < 1988 else 2


def invent_name(luck: random.Random, sex: str, birth_year: int) -> str:
    """A full name for a person of that sex and year; nobody of note bears it."""
    while True:
        family = _FAMILIES.draw(luck)
        words = [family, *_middle_and_given(luck, family, sex, generation(birth_year))]
        if len(set(words)) == len(words) and not is_known(" ".join(words)):
            name = normalise(" ".join(words))
            return old_spelling(name) if luck.random() < 0.35 else name


def _middle_and_given(luck: random.Random, family: str, sex: str, age_group: int) -> list[str]:
    if family in _HMONG and luck.random() < 0.8:
        return ["A" if sex == "male" else "Thị", luck.choice(_GIVEN_HMONG[sex])]
    if family in _THAI and luck.random() < 0.6:
        return ["Văn" if sex == "male" else "Thị", luck.choice(_GIVEN_THAI[sex])]
    given = luck.choice(_GIVEN[sex, age_group])
    if sex == "male":
        if luck.random() < (0.48, 0.33, 0.09)[age_group]:
            return ["Văn", given]
        return [(_MIDDLE_YOUNG["male"] if age_group == 2 and luck.random() < 0.5 else _MIDDLE_MALE).draw(luck), given]
    if luck.random() < (0.93, 0.78, 0.33)[age_group]:
        return ["Thị", _MIDDLE_FEMALE.draw(luck), given] if luck.random() < (0.12, 0.42, 0.6)[age_group] else ["Thị", given]
    return [(_MIDDLE_YOUNG["female"] if age_group == 2 and luck.random() < 0.6 else _MIDDLE_FEMALE).draw(luck), given]
