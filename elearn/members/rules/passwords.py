"""What a password must be: long enough, not easily guessed; no rules about kinds of signs."""

from __future__ import annotations

from elearn.lib.errors import InvalidInput
from elearn.lib.vietnamese import fold

SHORTEST = 8
LONGEST = 128

# The commonest passwords, and those that this organisation would think of first.
_COMMON = frozenset(
    [
        "12345678",
        "123456789",
        "1234567890",
        "password",
        "password1",
        "password123",
        "qwertyui",
        "qwerty123",
        "11111111",
        "00000000",
        "88888888",
        "66666666",
        "abcd1234",
        "abc12345",
        "iloveyou",
        "matkhau",
        "matkhau1",
        "matkhau123",
        "anhyeuem",
        "emyeuanh",
        "vietnam1",
        "vietnam123",
        "hochiminh",
        "hanoi123",
        "dangvien",
        "chibo123",
        "hoctap123",
        "elearn123",
        "admin123",
        "administrator",
        "19051890",
        "02091945",
        "03021930",
        "30041975",
        "12341234",
        "123123123",
        "1q2w3e4r",
        "asdfghjk",
        "zxcvbnm1",
        "11223344",
        "87654321",
        "987654321",
        "0123456789",
        "01234567",
    ]
)


def check_new_password(password: str, about: tuple[str, ...] = ()) -> None:
    """Raise InvalidInput unless the password may be used. `about` holds login, name and the like, which it must not be."""
    if len(password) < SHORTEST:
        raise InvalidInput("password_short", "Mật khẩu cần ít nhất %(n)s ký tự.", field="password", n=SHORTEST)
    if len(password) > LONGEST:
        raise InvalidInput("password_long", "Mật khẩu dài tối đa %(n)s ký tự.", field="password", n=LONGEST)
    folded = fold(password).replace(" ", "")
    if folded in _COMMON or len(set(folded)) < 4:
        raise InvalidInput(
            "password_common", "Mật khẩu này quá dễ đoán. Hãy chọn vài từ không liên quan với nhau.", field="password"
        )
    if any(len(word) >= 4 and fold(word).replace(" ", "") in folded for word in about):
        raise InvalidInput("password_about", "Mật khẩu không nên chứa tên hay tên đăng nhập của bạn.", field="password")
