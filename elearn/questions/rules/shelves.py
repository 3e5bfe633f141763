"""Categories as paths: where one may go, and what goes with it."""

from __future__ import annotations

from collections.abc import Iterable

from elearn.lib.errors import DomainError, InvalidInput
from elearn.lib.vietnamese import normalise

LONGEST_PATH = 400
DEEPEST = 6


def tidy_path(path: str) -> str:
    """The path in its one form: parts tidied, empty ones left out, joined by " / "."""
    return " / ".join(part for part in (normalise(part) for part in path.split("/")) if part)


def check_name(name: str) -> str:
    """The tidied name of one category. Raises InvalidInput (field "name")."""
    tidy = normalise(name)
    if not tidy or "/" in tidy:
        raise InvalidInput("bad_name", "Tên chuyên mục không được để trống và không có dấu /.", "name")
    return tidy


def place_below(parent: str, name: str) -> str:
    """The path of a category of that name below `parent` (empty: at the top). Raises InvalidInput where it gets too long or too deep."""
    path = f"{parent} / {check_name(name)}" if parent else check_name(name)
    if len(path) > LONGEST_PATH or path.count(" / ") >= DEEPEST:
        raise InvalidInput("too_deep", "Cây chuyên mục sâu quá. Hãy đặt ở cấp cao hơn hoặc đặt tên ngắn hơn.", "name")
    return path


def moved(paths: Iterable[str], old: str, new: str) -> dict[str, str]:
    """New path by old path of a category and all below it. Raises DomainError where it would go below itself or upon another."""
    known = set(paths)
    if old == new:
        return {}
    if new.startswith(f"{old} / "):
        raise DomainError("below_itself", "Không chuyển chuyên mục vào bên trong chính nó được.")
    going = {path: new + path[len(old) :] for path in known if path == old or path.startswith(f"{old} / ")}
    if (known - set(going)) & set(going.values()):
        raise DomainError("path_taken", "Ở đó đã có chuyên mục cùng tên.")
    return going
