"""Every Vietnamese message has its English one, and templates show no text outside the catalogue."""

from __future__ import annotations

import re

import pytest

from tests.house.messages import SOURCE, VIETNAMESE, catalogue, every_message, is_translated

PLACES = re.compile(r"%\((\w+)\)")
NO_PLACE = re.compile(r"%(?!%|\(\w+\)s)")


def test_it_has_english_for_every_message():
    english = catalogue()
    missing = []
    for message, places in every_message().items():
        entry = english.get(message if isinstance(message, str) else message[0])
        if entry is None or not is_translated(entry.string):
            missing.append(f"{places[0]}: {message}")
    assert not missing, "\n".join(missing)


def test_it_keeps_the_places_for_values():
    wrong = []
    for entry in catalogue():
        ids = entry.id if isinstance(entry.id, list | tuple) else (entry.id,)
        strings = entry.string if isinstance(entry.string, list | tuple) else (entry.string,)
        wanted = set(PLACES.findall(ids[-1]))
        wrong += [string for string in strings if ids[0] and set(PLACES.findall(string)) - wanted]
        wrong += [strings[-1]] if ids[0] and wanted - set(PLACES.findall(strings[-1])) else []
    assert not wrong


def test_it_doubles_the_percent_signs_of_templates():
    """Templates put values into every message, so a bare sign of per cent ends in an error."""
    shown = {
        text for key, places in every_message().items() if any(place.endswith(".html") for place in places) for text in forms(key)
    }
    shown |= {form for entry in catalogue() if set(forms(entry.id)) & shown for form in forms(entry.string)}
    assert [text for text in shown if NO_PLACE.search(text.replace("%%", ""))] == []


def forms(text):
    return [text] if isinstance(text, str) else list(text)


@pytest.mark.parametrize("path", sorted(SOURCE.rglob("*.html")), ids=lambda path: path.name)
def test_it_shows_no_text_outside_the_catalogue(path):
    text = path.read_text(encoding="utf-8")
    text = re.sub(r"\{#.*?#\}", "", text, flags=re.S)
    text = re.sub(r"\{%-?\s*trans.*?endtrans\s*-?%\}", "", text, flags=re.S)
    text = re.sub(r"\{\{.*?\}\}|\{%.*?%\}", "", text, flags=re.S)
    bare = [line.strip() for line in text.splitlines() if VIETNAMESE.search(line) and 'lang="vi"' not in line]
    assert not bare
