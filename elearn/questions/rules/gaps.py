"""Gaps as authors type them, `[[Hà Nội|Thủ đô]]`, turned into the codes of Cloze."""

from __future__ import annotations

import re

_GAP = re.compile(r"\[\[([^\[\]\n]{1,2000})\]\]")
_SIGNS = re.compile(r"[&~#{}\\]")
_FIGURE = re.compile(r"#\s*([+-]?[0-9][0-9.,]*(?:[eE][+-]?[0-9]+)?)\s*(?:(?:±|\+-|\+/-)\s*([0-9][0-9.,]*))?")


def to_cloze(text: str) -> str:
    """The text with every `[[…]]` as a Cloze gap; anything else stays.

    `[[a|b]]`: type one of these words. `[[*a|b|c]]`: choose, right ones after an asterisk. `[[#3,14±0,01]]`: type a number. "50%b" earns half.
    """
    return _GAP.sub(_gap, text)


def _gap(found: re.Match[str]) -> str:
    figure = _FIGURE.fullmatch(found[1].strip())
    if figure:
        value, tolerance = figure[1].replace(",", "."), (figure[2] or "").replace(",", ".")
        return f"{{1:NUMERICAL:={value}{f':{tolerance}' if tolerance else ''}}}"
    parts = [part.strip() for part in found[1].split("|") if part.strip()]
    right = [part for part in parts if part.startswith("*")]
    if not right:
        return f"{{1:SHORTANSWER:{'~'.join(_alternative(part, is_right=True) for part in parts)}}}"
    kind = "MULTICHOICE" if len(right) == 1 else "MULTIRESPONSE"
    told = (_alternative(part.removeprefix("*").strip(), part.startswith("*")) for part in parts)
    return f"{{1:{kind}:{'~'.join(told)}}}"


def _alternative(part: str, is_right: bool) -> str:
    weighed = re.match(r"(-?[0-9]{1,3}(?:[.,][0-9]{1,7})?)\s*%\s*(.+)", part)
    head, words = (f"%{weighed[1]}%", weighed[2]) if weighed else ("=" if is_right else "", part)
    return head + _SIGNS.sub(lambda sign: f"&#{ord(sign[0])};", words)
