"""The blueprint, and what its pages share."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from functools import lru_cache

import segno
from flask import Blueprint, request, url_for
from flask_login import current_user
from markupsafe import Markup

from elearn.contests.models import Contest, Round, Settlement
from elearn.contests.rules.prediction import METRICS
from elearn.contests.rules.settings import PrizeKind
from elearn.contests.rules.words import Enumeration, Value, Words
from elearn.core.display import show_number
from elearn.core.i18n import choose_locale, gettext
from elearn.members.rules.permissions import Actor

blueprint = Blueprint("contests", __name__, template_folder="../templates")


def reader() -> Actor | None:
    """The reader as the access table sees them; None for somebody not signed in."""
    return current_user.actor if current_user.is_authenticated else None


def say(words: Words) -> str:
    """Words of a rule in the reader's language, figures as they are written there."""
    return str(gettext(words.message, **{name: _value(value) for name, value in words.values.items()}))


def spoken(several: Iterable[Words]) -> str:
    """Sentences one after the other."""
    return " ".join(say(one) for one in several)


def _value(value: Value) -> str:
    if isinstance(value, int):
        return show_number(value)
    if isinstance(value, Words):
        return say(value)
    if isinstance(value, Enumeration):
        return _enumerate(value)
    return value


def _enumerate(several: Enumeration) -> str:
    """Words in a row; those after the first begin small."""
    told = [say(one) for one in several.items]
    if not several.are_names:
        told[1:] = [text[:1].lower() + text[1:] for text in told[1:]]
    head, last = told[:-1], told[-1]
    return gettext(several.joiner).join(head) + gettext(several.last) + last if head else last


def titled(thing: Contest | Round) -> str:
    """Title in the reader's language."""
    return thing.title_en if choose_locale() == "en" and thing.title_en else thing.title


def prizes_of(prizes: Sequence[PrizeKind]) -> list[PrizeKind]:
    """Prizes named in the reader's language."""
    is_english = choose_locale() == "en"
    return [replace(one, title=one.title_en) if is_english and one.title_en else one for one in prizes]


def prize_names(found: Round) -> dict[str, str]:
    """Name of each prize of a round in the reader's language, by its name in standings."""
    prizes = found.rules.prizes
    return {stored.title: shown.title for stored, shown in zip(prizes, prizes_of(prizes), strict=True)}


def decimals_of(settlement: Settlement | None) -> int:
    """Digits after the comma of the predictions of a settlement."""
    metric = METRICS.get(settlement.prediction_metric) if settlement else None
    return metric.decimals if metric else 0


def join_url(contest: Contest) -> str:
    """The short address that the QR code holds."""
    return url_for("contests.join_code", code=contest.join_code, _external=True)


@lru_cache(maxsize=64)
def qr_svg(address: str) -> Markup:
    """An address as a QR code."""
    return Markup(segno.make(address, error="m").svg_inline(border=0, omitsize=True))  # noqa: S704 — drawn here, from an address of ours


def host() -> str:
    """The name of this site, as it can be typed."""
    return request.host


def count_word(count: int) -> str:
    """A small number in words, as it stands at the beginning of a sentence; figures from eleven on."""
    words = gettext("một, hai, ba, bốn, năm, sáu, bảy, tám, chín, mười").split(", ")
    return words[count - 1] if 0 < count <= len(words) else show_number(count)


@blueprint.context_processor
def helpers() -> dict[str, object]:
    """What every page of contests may use."""
    return {
        "titled": titled,
        "titles": lambda rounds: [titled(one) for one in rounds],
        "say": say,
        "spoken": spoken,
        "qr_svg": qr_svg,
        "join_url": join_url,
        "host": host,
        "count_word": count_word,
    }
