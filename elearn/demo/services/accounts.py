"""The sign-ins of the guided accounts: their password, and the file that keeps them."""

from __future__ import annotations

import os
import random
from collections.abc import Sequence
from pathlib import Path

from elearn.demo.rules.guided import GUIDED, invent_password
from elearn.members.rules.permissions import ROLE_NAMES, Role

FILE = "demo-accounts.txt"


def choose_password(configured: str) -> str:
    """The configured password, or a random one."""
    return configured or invent_password(random.SystemRandom())


def rows() -> list[tuple[str, str, str]]:
    """Login, role and scope of each guided account, in words."""
    found = []
    for account in GUIDED:
        role = ROLE_NAMES[Role(account.role)]
        scope = {"province": "cả tỉnh", "commune": "phường Bình Minh"}.get(account.scope, "")
        found.append((account.login, role, "đổi mật khẩu khi vào lần đầu" if account.must_change_password else scope))
    return found


def keep(data_path: Path, password: str, lines: Sequence[tuple[str, str, str]]) -> Path:
    """Write the sign-ins to a file that only its owner may read; returns its path."""
    path = data_path / FILE
    scratch = path.with_suffix(".tmp")
    scratch.unlink(missing_ok=True)
    handle = os.open(scratch, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "w", encoding="utf-8") as out:
        out.write(f"{password}\n")
        out.writelines("\t".join(line) + "\n" for line in lines)
    scratch.replace(path)
    return path


def read(data_path: Path) -> tuple[str, list[tuple[str, str, str]]] | None:
    """Password and sign-ins as kept; None where there is no file."""
    path = data_path / FILE
    if not path.exists():
        return None
    password, *lines = path.read_text(encoding="utf-8").splitlines()
    found = []
    for line in lines:
        login, role, scope = [*line.split("\t"), "", ""][:3]
        found.append((login, role, scope))
    return password, found
