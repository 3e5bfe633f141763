"""Commands that belong to no feature."""

from __future__ import annotations

from flask import Flask


def init_cli(app: Flask) -> None:
    """Nothing yet besides Flask's and Alembic's own commands."""
