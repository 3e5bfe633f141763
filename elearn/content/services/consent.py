"""The texts by which people are asked for consent: one Markdown file a purpose, with English behind a mark."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import yaml

from elearn.lib.errors import InvalidInput
from elearn.members.services.privacy import publish_text

ENGLISH = "<!-- en -->"
KEYS = {"purpose", "version", "title", "title_en"}


def read_text(path: Path) -> tuple[str, int, tuple[str, str, str, str]]:
    """Purpose, version and (title, English title, body, English body) of a file; raises InvalidInput naming the file."""
    parts = path.read_text(encoding="utf-8").split("---\n", 2)
    try:
        head = yaml.safe_load(parts[1])
        body, body_en = parts[2].split(ENGLISH, 1)
        if set(head) != KEYS or not body.strip() or not body_en.strip():
            raise ValueError
        return str(head["purpose"]), int(head["version"]), (head["title"], head["title_en"], body.strip(), body_en.strip())
    except (IndexError, ValueError, TypeError, yaml.YAMLError):
        raise InvalidInput(
            "consent_file",
            "Tệp %(name)s: cần phần đầu có purpose, version, title, title_en, rồi tiếng Việt, dấu mốc và tiếng Anh.",
            name=path.name,
        ) from None


def load_consent_texts(root: Path, now: datetime) -> int:
    """Offer every text of the folder `consent`; returns how many versions are new. Raises DomainError for a published text that was changed."""
    return sum(publish_text(*read_text(path), now) for path in sorted((root / "consent").glob("*.md")))
