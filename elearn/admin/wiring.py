"""What officers' pages offer to features below: the words for deeds of the log."""

from __future__ import annotations

from flask import Flask

from elearn.admin.rules.deeds import words_of


def wire(app: Flask) -> None:
    """Pages that show entries of the log name each deed as the log itself does."""
    app.extensions["deed_words"] = words_of
