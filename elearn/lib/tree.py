"""Paths that name a place in a tree, so that "below" is a matter of prefixes.

A path is "/1/5/23/": the ids from the root down, each closed by a slash. A node's own path is part of its subtree.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from elearn.lib.errors import DomainError


def child_path(parent_path: str | None, node_id: int) -> str:
    """Path of a node below `parent_path`, or of a root where that is None."""
    return f"{parent_path or '/'}{node_id}/"


def is_within(path: str, root_path: str) -> bool:
    """True where `path` is `root_path` itself or lies below it."""
    return path.startswith(root_path)


def paths(parents: Mapping[int, int | None]) -> dict[int, str]:
    """Path of every node, given each node's parent; raises DomainError where the parents go round in a circle."""
    found: dict[int, str] = {}

    def resolve(node: int) -> str:
        trail: list[int] = []
        while node not in found:
            if node in trail:
                raise DomainError("tree_circle", "Đơn vị không thể trực thuộc chính nó hoặc cấp dưới của nó.")
            trail.append(node)
            parent = parents[node]
            if parent is None:
                break
            node = parent
        for member in reversed(trail):
            parent = parents[member]
            found[member] = child_path(found[parent] if parent is not None else None, member)
        return found[trail[0]] if trail else found[node]

    for node in parents:
        resolve(node)
    return found


def outermost(candidates: Iterable[str]) -> list[str]:
    """The paths that lie within no other of them, sorted: enough to describe the union of the subtrees."""
    kept: list[str] = []
    for path in sorted(set(candidates)):
        if not kept or not is_within(path, kept[-1]):
            kept.append(path)
    return kept
