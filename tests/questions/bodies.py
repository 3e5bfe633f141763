"""Sound bodies of every type, drawn at random, and the same with another key."""

from __future__ import annotations

from typing import Any

from hypothesis import strategies as st

words = (
    st.text("abcdeơđ 12*\\<", min_size=1, max_size=6)
    .map(str.strip)
    .filter(lambda text: text and "<" not in text and "\\" not in text)
)
several = st.lists(
    words.filter(lambda text: "*" not in text), min_size=2, max_size=6, unique_by=lambda text: " ".join(text.split())
)
numbers = st.decimals(-5000, 5000, places=3).map(str)


@st.composite
def choices(draw: Any, is_multiple: bool) -> dict[str, Any]:
    texts = draw(several)
    options: list[dict[str, Any]] = [{"text": text} for text in texts]
    right = draw(st.sets(st.integers(0, len(texts) - 1), min_size=1, max_size=len(texts) if is_multiple else 1))
    body: dict[str, Any] = {"options": options, "shuffle": draw(st.booleans())}
    if is_multiple:
        body["credit"] = draw(st.sampled_from(["all_or_nothing", "weights", "right_minus_wrong"]))
    weighted = body.get("credit") == "weights" or (not is_multiple and draw(st.booleans()))
    for index, option in enumerate(options):
        if weighted:
            # Seven decimals, as other systems keep a third or a sixth.
            option["fraction"] = f"{1 / len(right):.7f}" if index in right else draw(st.sampled_from(["0", "-0.25", "-1"]))
        elif index in right:
            option["right"] = True
    if draw(st.booleans()):
        options[-1]["last"] = True
    return body


@st.composite
def short_answers(draw: Any) -> dict[str, Any]:
    texts = draw(st.lists(words, min_size=1, max_size=4, unique_by=lambda text: " ".join(text.split())))
    answers: list[dict[str, Any]] = [{"text": texts[0]}]
    answers += [{"text": text, "fraction": draw(st.sampled_from(["0", "0.5", "1"]))} for text in texts[1:]]
    return {"answers": answers, "case": draw(st.booleans()), "accents": draw(st.booleans())}


@st.composite
def tolerances(draw: Any) -> dict[str, Any]:
    return {
        "tolerance": draw(st.sampled_from(["0", "0.01", "2"])),
        "tolerance_kind": draw(st.sampled_from(["absolute", "relative", "geometric"])),
    }


@st.composite
def numerics(draw: Any) -> dict[str, Any]:
    answers = [{"value": draw(numbers | st.just("*")), **draw(tolerances())}]
    if draw(st.booleans()):
        answers.append({"value": "*", "fraction": "0"})
    body: dict[str, Any] = {"answers": answers}
    if draw(st.booleans()):
        body["units"] = [{"unit": "m"}, {"unit": "cm", "multiplier": "100"}]
        body["unit_policy"] = draw(st.sampled_from(["none", "optional", "required"]))
        body["unit_before"] = draw(st.booleans())
    return body


@st.composite
def matchings(draw: Any) -> dict[str, Any]:
    lefts, rights = draw(several), draw(several)
    pairs = [{"left": left, "right": draw(st.sampled_from(rights))} for left in lefts]
    return {"pairs": pairs, "extra": rights, "shuffle": draw(st.booleans())}


@st.composite
def orderings(draw: Any) -> dict[str, Any]:
    return {"items": draw(several), "credit": draw(st.sampled_from(["absolute", "all_or_nothing", "pairwise"]))}


@st.composite
def gaps(draw: Any) -> dict[str, Any]:
    one = st.one_of(
        short_answers().map(lambda body: {"kind": "text", **body}),
        numerics().map(lambda body: {"kind": "number", **body}),
        choices(False).map(lambda body: {"kind": "choice", "display": "radio_row", **body}),
        choices(True).map(lambda body: {"kind": "choice", "display": "check", **body}),
    )
    found = draw(st.lists(one, min_size=1, max_size=4))
    return {
        "gaps": {str(place): {**gap, "weight": draw(st.sampled_from(["1", "2.5"]))} for place, gap in enumerate(found, start=1)}
    }


@st.composite
def calculations(draw: Any) -> dict[str, Any]:
    formula = draw(st.sampled_from(["{a}+{b}", "{a}/3", "sqrt(abs({a}))*{b}", "1e9*{a}", "{a}^2-pi()", "1/7"]))
    variants = draw(st.lists(st.fixed_dictionaries({"a": numbers, "b": numbers}), min_size=1, max_size=3))
    return {"answers": [{"formula": formula, **draw(tolerances())}], "variants": variants, "decimals": draw(st.integers(0, 6))}


_BODIES = {
    "single_choice": choices(False),
    "multiple_choice": choices(True),
    "true_false": st.fixed_dictionaries({"answer": st.booleans()}),
    "short_answer": short_answers(),
    "numeric": numerics(),
    "matching": matchings(),
    "ordering": orderings(),
    "gap_fill": gaps(),
    "calculated": calculations(),
    "essay": st.fixed_dictionaries(
        {"lines": st.integers(1, 100), "word_limit": st.integers(1, 900), "attachments": st.integers(0, 3)}
    ),
    "description": st.just({}),
}


def bodies(key: str) -> st.SearchStrategy[dict[str, Any]]:
    """Sound bodies of the type."""
    return _BODIES[key]


def _other_options(body: dict[str, Any]) -> dict[str, Any]:
    """The same options with the next one right."""
    options = body["options"]
    moved = [{key: value for key, value in option.items() if key not in ("right", "fraction", "feedback")} for option in options]
    for place, option in enumerate(options):
        target = moved[(place + 1) % len(options)]
        target.update({key: value for key, value in option.items() if key in ("right", "fraction")})
        target["feedback"] = "canary"
    return {**body, "options": moved, "feedback": {"right": "canary"}}


def swapped(key: str, body: dict[str, Any], order: Any) -> tuple[dict[str, Any], Any]:
    """A body that asks the same and has another key, with the order in which it is shown like the first."""
    if key == "true_false":
        return {"answer": not body["answer"], "feedback": {"true": "canary"}}, order
    if key in ("single_choice", "multiple_choice"):
        return _other_options(body), order
    if key == "short_answer":
        return {"answers": [{"text": "canary, much longer than the others", "feedback": "canary"}]}, order
    if key == "numeric":
        return {**body, "answers": [{"value": "123456789", "tolerance": "0.5", "feedback": "canary"}]}, order
    if key == "matching":
        pairs = body["pairs"]
        turned = [{"left": pair["left"], "right": pairs[place - 1]["right"]} for place, pair in enumerate(pairs)]
        return {**body, "pairs": turned}, order
    if key == "ordering":
        return {**body, "items": body["items"][::-1]}, [len(order) - 1 - index for index in order]
    if key == "gap_fill":
        kinds = {"text": "short_answer", "number": "numeric", "choice": "single_choice"}
        other = {number: {**gap, **swapped(kinds[gap["kind"]], gap, order.get(number))[0]} for number, gap in body["gaps"].items()}
        return {"gaps": other}, order
    if key == "calculated":
        return {**body, "answers": [{"formula": "123456"}], "decimals": 0}, order
    return body, order
