"""Random questions, sound ones and drafts of every kind, for the tests of typed formats."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from hypothesis import strategies as st

from elearn.questions.rules.exchange import Draft, Reading
from elearn.questions.rules.texts import rich
from elearn.questions.rules.typed import words
from tests.questions.formats.documents import Question

_WORDS = [
    "Đảng",
    "lãnh",
    "đạo",
    "toàn",
    "diện",
    "công",
    "tác",
    "cán",
    "bộ",
    "nghị",
    "quyết",
    "phát",
    "triển",
    "khoa",
    "học",
    "công",
    "nghệ",
    "đổi",
    "mới",
    "sáng",
    "tạo",
    "chuyển",
    "đổi",
    "số",
    "quốc",
    "gia",
    "hội",
    "nhập",
    "quốc",
    "tế",
    "đại",
    "biểu",
    "chính",
    "trị",
    "uỷ",
    "ban",
    "nhân",
    "dân",
    "huyện",
    "thuỷ",
    "lợi",
    "năm",
    "1930",
    "57-NQ/TW",
    "3/2/1930",
    "95,2%",
    "(khoá",
    "XIII)",
    "“tự",
    "lực”",
    "C.",
    "Mác",
    "V.I.",
    "Lênin",
]


def sentence(end: str) -> st.SearchStrategy[str]:
    """Words as they stand in questions: a capital first, nothing that reads as a label."""
    ordinary = [word for word in _WORDS if word[0].isalpha() and "." not in word]
    return st.builds(
        lambda first, rest: f"{first[0].upper()}{first[1:]} {' '.join(rest)}{end}",
        st.sampled_from(ordinary),
        st.lists(st.sampled_from(ordinary), min_size=3, max_size=9),
    )


@st.composite
def sound_questions(draw: st.DrawFn, most_right: int = 2) -> list[Question]:
    """Questions with three to five options, one or several right; no two alike."""
    stems = draw(st.lists(sentence("?"), min_size=3, max_size=5, unique=True))
    found = []
    for stem in stems:
        options = draw(st.lists(sentence(""), min_size=3, max_size=5, unique_by=str.casefold))
        right = draw(st.sets(st.integers(0, len(options) - 1), min_size=1, max_size=min(most_right, len(options) - 1)))
        found.append(Question(stem, tuple(options), frozenset(right)))
    return found


def as_questions(reading: Reading) -> list[Question]:
    """What was read, in the form of what was written."""
    found = []
    for draft in reading.drafts:
        options = draft.body.get("options", [])
        found.append(
            Question(
                draft.text,
                tuple(option["text"] for option in options),
                frozenset(at for at, option in enumerate(options) if option.get("right")),
            )
        )
    return found


def doubts(reading: Reading) -> list[str]:
    """Everything said that asks for another look."""
    return [problem.said() for problem in reading.problems if problem.severity != "info"]


# Drafts of every kind: also such as nobody types.

_PIECES = st.one_of(
    st.sampled_from(_WORDS),
    st.sampled_from(
        (
            "A.", "B)", "(C)", "*D.", "Câu 2:", "Đáp án: B", "Giải thích:", "Chủ đề 1: X", "(NB)", "[TH]", "(0,5 điểm)", "[html]", "\n", "\n\n", "  ", "\t", "\\", "⟦", "⟧",
            "⏎", "␣", "⇥", "**đậm**", r"\( x^2 \)", "| a | b |", "---", "- ý", "1. ý", "Tất cả các đáp án trên", "Cả A và B", "Đúng", "Sai", "*", "Nguồn:", "BẢNG ĐÁP ÁN", "1.A 2.B",
            "Hết", "I. Một", "PHẦN II", "![hình](@@PLUGINFILE@@/a.png)", "x;y", "=", "|",
        )
    ),
)  # fmt: skip


def words_of_any_kind() -> st.SearchStrategy[str]:
    """Text full of what looks like labels and fields."""
    return (
        st.lists(_PIECES, min_size=1, max_size=7)
        .map(lambda parts: " ".join(parts).strip())
        .filter(lambda text: any(map(str.isalnum, text)))
    )


def texts() -> st.SearchStrategy[object]:
    """Texts in any format."""
    return st.one_of(words_of_any_kind(), st.builds(rich, words_of_any_kind(), st.sampled_from(("html", "plain", "moodle"))))


_SHARES = st.sampled_from(("1", "0.5", "-0.25", "0.3333333"))


def _some(**optional: st.SearchStrategy[object]) -> st.SearchStrategy[dict[str, object]]:
    return st.fixed_dictionaries({}, optional=optional)


def _option() -> st.SearchStrategy[dict[str, object]]:
    return st.fixed_dictionaries(
        {"text": texts()}, optional={"right": st.just(True), "fraction": _SHARES, "feedback": texts(), "last": st.just(True)}
    )


def _choice_bodies() -> st.SearchStrategy[dict[str, object]]:
    return st.fixed_dictionaries(
        {"options": st.lists(_option(), min_size=1, max_size=6)},
        optional={
            "shuffle": st.booleans(),
            "numbering": st.sampled_from(("abc", "123", "none")),
            "credit": st.sampled_from(("all_or_nothing", "weights", "right_minus_wrong")),
            "feedback": _some(right=texts(), partial=texts(), wrong=texts()),
        },
    )


_BODIES = {
    "single_choice": _choice_bodies(),
    "multiple_choice": _choice_bodies(),
    "true_false": st.fixed_dictionaries({"answer": st.booleans()}, optional={"feedback": _some(true=texts(), false=texts())}),
    "short_answer": st.fixed_dictionaries(
        {
            "answers": st.lists(
                st.fixed_dictionaries({"text": words_of_any_kind()}, optional={"fraction": _SHARES, "feedback": texts()}),
                min_size=1,
                max_size=3,
            )
        },
        optional={"case": st.booleans(), "accents": st.booleans()},
    ),
    "essay": _some(
        lines=st.integers(1, 40),
        word_limit=st.integers(50, 900),
        attachments=st.integers(0, 3),
        examiners=st.sampled_from((1, 2)),
        difference=st.just("1"),
        guide=texts(),
        template=texts(),
        rubric=st.lists(
            st.fixed_dictionaries({"name": words_of_any_kind(), "points": st.just("4")}, optional={"guide": texts()}),
            min_size=1,
            max_size=2,
        ),
    ),
}


@st.composite
def drafts(draw: st.DrawFn) -> Draft:
    """A draft with anything in it."""
    kind = draw(st.sampled_from(sorted(_BODIES)))
    one_line = st.one_of(st.just(""), words_of_any_kind())
    return Draft(
        kind,
        draw(texts()),
        draw(_BODIES[kind]),
        name=draw(one_line),
        explanation=draw(st.one_of(st.just(""), texts())),
        default_mark=draw(st.sampled_from((Decimal(1), Decimal("0.5"), Decimal(2), Decimal("0.25")))),
        code=draw(one_line),
        category=draw(one_line),
        tags=draw(st.lists(words_of_any_kind(), max_size=2)),
        topic=draw(one_line),
        level=draw(st.sampled_from(("", *words.LEVELS))),
        source=draw(one_line),
        document=draw(one_line),
        clause=draw(one_line),
        as_of=draw(st.one_of(st.none(), st.dates(date(1930, 1, 1)))),
        valid_to=draw(st.one_of(st.none(), st.dates(date(1930, 1, 1)))),
    )


def without_line(draft: Draft) -> tuple[object, ...]:
    """All of a draft but where it stood and its pictures."""
    return (
        draft.type, draft.text, draft.body, draft.name, draft.explanation, draft.default_mark, draft.code, draft.category, draft.tags, draft.topic, draft.level,
        draft.source, draft.document, draft.clause, draft.as_of, draft.valid_to,
    )  # fmt: skip
