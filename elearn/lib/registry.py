"""Extensions found one per file: question types, ranking criteria, formats."""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Iterator
from types import ModuleType
from typing import Generic, TypeVar

T = TypeVar("T")


class Registry(Generic[T]):
    """Maps a key to the one extension that carries it; a second one with the same key is refused."""

    def __init__(self, package: str, attribute: str) -> None:
        """`package` is searched for modules; each offers its extension under the name `attribute`."""
        self._package = package
        self._attribute = attribute
        self._found: dict[str, T] | None = None

    def _load(self) -> dict[str, T]:
        if self._found is None:
            package = importlib.import_module(self._package)
            found: dict[str, T] = {}
            for info in sorted(pkgutil.iter_modules(package.__path__), key=lambda item: item.name):
                module: ModuleType = importlib.import_module(f"{self._package}.{info.name}")
                extension = getattr(module, self._attribute, None)
                if extension is None:
                    continue
                key = extension.key
                if key in found:
                    raise ValueError(f"{self._package}: key {key!r} is defined twice, the second time in {info.name}")
                found[key] = extension
            self._found = found
        return self._found

    def __getitem__(self, key: str) -> T:
        return self._load()[key]

    def __contains__(self, key: object) -> bool:
        return key in self._load()

    def __iter__(self) -> Iterator[T]:
        return iter(self._load().values())

    def keys(self) -> list[str]:
        """Keys in the order of file names."""
        return list(self._load())
