"""Formulas of Word (OMML) as LaTeX: fractions, powers, indices, roots, brackets, sums and named functions; what is more is named."""

from __future__ import annotations

import re

from lxml import etree

M = "{http://schemas.openxmlformats.org/officeDocument/2006/math}"
W_T = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}t"
_SIGNS = {
    "×": r"\times ", "÷": r"\div ", "±": r"\pm ", "≤": r"\le ", "≥": r"\ge ", "≠": r"\ne ", "≈": r"\approx ", "→": r"\to ", "∞": r"\infty ",
    "·": r"\cdot ", "∈": r"\in ", "∑": r"\sum ", "∏": r"\prod ", "∫": r"\int ", "√": r"\surd ", "α": r"\alpha ", "β": r"\beta ", "γ": r"\gamma ",
    "δ": r"\delta ", "Δ": r"\Delta ", "θ": r"\theta ", "λ": r"\lambda ", "μ": r"\mu ", "π": r"\pi ", "σ": r"\sigma ", "φ": r"\varphi ", "ω": r"\omega ",
    "Ω": r"\Omega ", "−": "-", "∆": r"\Delta ", "⇒": r"\Rightarrow ", "⇔": r"\Leftrightarrow ", "∪": r"\cup ", "∩": r"\cap ", "⊂": r"\subset ",
    "%": r"\%", "#": r"\#", "&": r"\&", "_": r"\_", "$": r"\$", "{": r"\{", "}": r"\}", "\\": r"\backslash ", "~": r"\sim ", "^": r"\wedge ",
}  # fmt: skip
_SIGN = re.compile("|".join(map(re.escape, _SIGNS)))
_FUNCTIONS = frozenset(["sin", "cos", "tan", "cot", "log", "ln", "lg", "lim", "max", "min", "exp"])
_LARGE = {"∑": r"\sum", "∏": r"\prod", "∫": r"\int", "": r"\int", "⋃": r"\bigcup", "⋂": r"\bigcap"}
_BRACKETS = {"{": r"\{", "}": r"\}", "|": "|", "‖": r"\|", "⟨": r"\langle", "⟩": r"\rangle", "": "."}
_DEEPEST = 60


class Latex:
    """One formula; `unknown` names the parts that could not be put into LaTeX, their letters stand in `text` all the same."""

    def __init__(self, element: etree._Element) -> None:
        self.unknown: list[str] = []
        self.text = " ".join(self._inside(element, 0).split())

    def _inside(self, element: etree._Element | None, depth: int) -> str:
        if element is None:
            return ""
        if depth > _DEEPEST:
            self.unknown.append("…")
            return ""
        return "".join(self._part(child, depth + 1) for child in element)

    def _child(self, element: etree._Element, name: str, depth: int) -> str:
        return self._inside(element.find(M + name), depth).strip()

    def _setting(self, element: etree._Element, path: str, otherwise: str) -> str:
        found = element.find("/".join(M + step for step in path.split("/")))
        return otherwise if found is None else str(found.get(f"{M}val", ""))

    def _part(self, element: etree._Element, depth: int) -> str:
        if not isinstance(element.tag, str):
            return ""
        name = element.tag.rsplit("}", 1)[-1]
        if not element.tag.startswith(M):
            return self._inside(element, depth) if name in ("ins", "smartTag", "sdt", "sdtContent", "hyperlink") else ""
        reader = getattr(self, f"_of_{name}", None)
        if reader is not None:
            return str(reader(element, depth))
        if name.endswith("Pr") or name == "ctrlPr":
            return ""
        if name in ("oMath", "e", "box", "phant"):
            return self._inside(element, depth)
        self.unknown.append(name)
        return self._inside(element, depth)

    def _of_r(self, element: etree._Element, _depth: int) -> str:
        words = "".join(text.text or "" for text in element if text.tag in (f"{M}t", W_T))
        if re.fullmatch(r"\s*[a-z]{2,4}\s*", words) and words.strip() in _FUNCTIONS:
            return f"\\{words.strip()} "
        latex = _SIGN.sub(lambda found: _SIGNS[found[0]], words)
        is_text = element.find(f"{M}rPr/{M}nor") is not None or re.search(
            r"[^\W\d_]{2}.*[\u00c0-\u1ef9]|[\u00c0-\u1ef9].*[^\W\d_]", words
        )
        return f"\\text{{{latex}}}" if is_text and words.strip() else latex

    def _of_f(self, element: etree._Element, depth: int) -> str:
        top, bottom = self._child(element, "num", depth), self._child(element, "den", depth)
        kind = self._setting(element, "fPr/type", "bar")
        if kind == "noBar":
            return f"\\binom{{{top}}}{{{bottom}}}"
        return f"{{{top}}}/{{{bottom}}}" if kind == "lin" else f"\\frac{{{top}}}{{{bottom}}}"

    def _base(self, element: etree._Element, depth: int) -> str:
        base = self._child(element, "e", depth)
        return base if re.fullmatch(r"\w|\\[A-Za-z]+|\\left.*\\right\S", base) else f"{{{base}}}"

    def _of_sSup(self, element: etree._Element, depth: int) -> str:
        return f"{self._base(element, depth)}^{{{self._child(element, 'sup', depth)}}}"

    def _of_sSub(self, element: etree._Element, depth: int) -> str:
        return f"{self._base(element, depth)}_{{{self._child(element, 'sub', depth)}}}"

    def _of_sSubSup(self, element: etree._Element, depth: int) -> str:
        return f"{self._base(element, depth)}_{{{self._child(element, 'sub', depth)}}}^{{{self._child(element, 'sup', depth)}}}"

    def _of_rad(self, element: etree._Element, depth: int) -> str:
        degree = self._child(element, "deg", depth)
        return f"\\sqrt{f'[{degree}]' if degree else ''}{{{self._child(element, 'e', depth)}}}"

    def _of_d(self, element: etree._Element, depth: int) -> str:
        left, right = self._setting(element, "dPr/begChr", "("), self._setting(element, "dPr/endChr", ")")
        inner = self._setting(element, "dPr/sepChr", "|").join(self._inside(part, depth) for part in element.findall(f"{M}e"))
        return f"\\left{_BRACKETS.get(left, left)}{inner}\\right{_BRACKETS.get(right, right)}"

    def _of_nary(self, element: etree._Element, depth: int) -> str:
        sign = _LARGE.get(self._setting(element, "naryPr/chr", ""), "")
        if not sign:
            self.unknown.append("nary")
        below, above = self._child(element, "sub", depth), self._child(element, "sup", depth)
        return f"{sign}{f'_{{{below}}}' if below else ''}{f'^{{{above}}}' if above else ''}{{{self._child(element, 'e', depth)}}}"

    def _of_func(self, element: etree._Element, depth: int) -> str:
        return f"{self._child(element, 'fName', depth)} {self._base(element, depth)}"

    def _of_limLow(self, element: etree._Element, depth: int) -> str:
        return f"{self._child(element, 'e', depth)}_{{{self._child(element, 'lim', depth)}}}"

    def _of_bar(self, element: etree._Element, depth: int) -> str:
        return f"\\overline{{{self._child(element, 'e', depth)}}}"
