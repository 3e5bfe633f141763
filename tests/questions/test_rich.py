"""Rich texts: formats, formulas, pictures; and nothing that runs or comes from elsewhere."""

from __future__ import annotations

import re
from html.parser import HTMLParser

import pytest
from hypothesis import given
from hypothesis import strategies as st

from elearn.core.markdown import formula, render_rich

DIGEST = "ab" * 32
PAYLOADS = [
    "<script>alert(1)</script>", "<img src=x onerror=alert(1)>", "<img src=https://evil.example/x.png alt=a>", "<svg onload=alert(1)>",
    "<svg><script>alert(1)</script></svg>", '<a href="javascript:alert(1)">x</a>', "<iframe src=//evil.example></iframe>",
    '<math><mtext><table><mglyph><style><!--</style><img title="--&gt;&lt;img src=1 onerror=alert(1)&gt;">',
    '<math href="javascript:alert(1)">x</math>', "<math><annotation-xml encoding='text/html'><script>alert(1)</script></annotation-xml></math>",
    '<p style="background:url(//evil.example)">x</p>', "<link rel=stylesheet href=//evil.example/a.css>", "<body onload=alert(1)>",
    "<form action=//evil.example><input name=a></form>", "<object data=//evil.example></object>", "<video src=//evil.example/v onerror=alert(1)>",
    "<base href=//evil.example>", "<meta http-equiv=refresh content='0;url=//evil.example'>", "<noscript><p title='</noscript><img src=x onerror=alert(1)>'>",
    r"\(\href{javascript:alert(1)}{x}\)", r"$$\unicode{<img src=x onerror=alert(1)>}$$", r"\(\text{<script>alert(1)</script>}\)",
    '<img alt="\\(x\\)" src="@@PLUGINFILE@@/a.png" onerror=alert(1)>', "![x](javascript:alert(1))", "[x](javascript:alert(1))",
    "![x](https://evil.example/x.png)", "![x](media:../../etc/passwd)", '![x"onerror="alert(1)](@@PLUGINFILE@@/a.png)',
    "<img src='media:" + DIGEST + "' alt='\"><script>alert(1)</script>'>", "<a href='media:" + DIGEST + "'>x</a>", "<xmp><img src=x onerror=alert(1)></xmp>",
    "<<img src=x onerror=alert(1)//<", "<img src=x\nonerror\n=\nalert(1)>", "&lt;script&gt;alert(1)&lt;/script&gt;",
]  # fmt: skip
FORMATS = ["markdown", "html", "plain", "moodle"]
SAFE_TAGS = [
    "p",
    "h3",
    "h4",
    "h5",
    "h6",
    "strong",
    "em",
    "ul",
    "ol",
    "li",
    "blockquote",
    "table",
    "caption",
    "thead",
    "tbody",
    "tfoot",
    "tr",
    "th",
    "td",
    "br",
    "hr",
    "sup",
    "sub",
    "a",
    "code",
    "pre",
    "b",
    "i",
    "u",
    "s",
    "del",
    "ins",
    "small",
    "span",
    "div",
    "dl",
    "dt",
    "dd",
    "img",
    "math",
    "mrow",
    "mi",
    "mn",
    "mo",
    "ms",
    "mtext",
    "mfrac",
    "msqrt",
    "mroot",
    "msup",
    "msub",
    "msubsup",
    "munder",
    "mover",
    "munderover",
    "mtable",
    "mtr",
    "mtd",
    "mstyle",
    "mspace",
    "mpadded",
    "mphantom",
    "menclose",
    "mmultiscripts",
    "mprescripts",
    "none",
]


class Strict(HTMLParser):
    """Fails for whatever could run, or be fetched from elsewhere."""

    def handle_starttag(self, tag, attrs):
        assert tag in SAFE_TAGS, tag
        for name, value in attrs:
            assert not name.startswith("on") and name != "style", name
            if name == "src":
                assert tag == "img" and re.fullmatch("/media/[0-9a-f]{64}", value), value
            if name == "href":
                assert value.startswith(("http://", "https://", "/", "#")) or ":" not in value, value

    def handle_comment(self, data):
        raise AssertionError(data)


def check(html: str) -> None:
    parser = Strict()
    parser.feed(html)
    parser.close()


@pytest.mark.parametrize("form", FORMATS)
@pytest.mark.parametrize("payload", PAYLOADS)
def test_it_lets_nothing_run_and_nothing_in_from_elsewhere(payload, form):
    check(render_rich({"text": payload, "format": form}, {"a.png": DIGEST}))
    check(render_rich({"text": f"Đoạn\n\n| a |\n|---|\n| {payload} |\n", "format": form}, {"a.png": DIGEST}))


pieces = st.sampled_from(
    [
        *PAYLOADS,
        "\\(",
        "\\)",
        "$$",
        "<p>",
        "</p>",
        "<b",
        '"',
        "'",
        ">",
        "a < b",
        "`",
        "\n",
        "@@PLUGINFILE@@/a.png",
        "<math>",
        "<table>",
    ]
)


@given(st.lists(pieces | st.text(max_size=6), max_size=7).map("".join), st.sampled_from(FORMATS))
def test_it_lets_nothing_run_whatever_is_put_together(text, form):
    check(render_rich({"text": text, "format": form}, {"a.png": DIGEST}))


@pytest.mark.parametrize(
    ("text", "html"),
    [
        ("Một *hai* **ba**", "Một <em>hai</em> <strong>ba</strong>"),
        ("1930. là năm nào?", "1930. là năm nào?"),
        ("> 5", "&gt; 5"),
        ({"text": "<p>Một</p>", "format": "html"}, "Một"),
        ({"text": "<p>Một</p><p>hai</p>", "format": "html"}, "<p>Một</p><p>hai</p>"),
        ({"text": "a < b\nc", "format": "plain"}, "a &lt; b<br>c"),
        ({"text": "một\nhai <b>ba</b>", "format": "moodle"}, "một<br>hai <b>ba</b>"),
        (f"![Bản đồ](media:{DIGEST})", f'<img src="/media/{DIGEST}" alt="Bản đồ">'),
        ("![Bản đồ](@@PLUGINFILE@@/b%20d.png)", f'<img src="/media/{DIGEST}" alt="Bản đồ">'),
        (
            {"text": '<img src="@@PLUGINFILE@@/b%20d.png" alt="Bản đồ">', "format": "html"},
            f'<img src="/media/{DIGEST}" alt="Bản đồ">',
        ),
        ("![Bản đồ](@@PLUGINFILE@@/mất.png)", "[Bản đồ]"),
        ("", ""),
        (None, ""),
    ],
)
def test_it_shows_each_format(text, html):
    assert render_rich(text, {"b d.png": DIGEST}) == html


def test_it_sets_tables_and_lists_where_there_are_several_lines():
    assert "<table>" in render_rich("Số liệu:\n\n| a | b |\n|---|---|\n| 1 | 2 |")
    assert "<li>" in render_rich("Gồm:\n\n- một\n- hai")


@pytest.mark.parametrize("form", FORMATS)
@pytest.mark.parametrize("source", [r"\(x_1^2 + y_2\)", r"$$x_1^2 + y_2$$", r"\[x_1^2 + y_2\]"])
def test_it_sets_formulas_in_every_format(source, form):
    html = render_rich({"text": f"Tính {source} rồi", "format": form})
    assert "<msubsup>" in html
    assert "<em>" not in html
    assert ('display="block"' in html) is not source.startswith("\\(")


@pytest.mark.parametrize("broken", [r"\frac{a", r"a}", r"\khongco{x}", r"x^", "{" * 60 + "}" * 60, " "])
def test_it_shows_the_source_of_a_broken_formula(broken):
    assert formula(broken) is None
    assert render_rich({"text": f"\\({broken}\\)", "format": "plain"}) == f"\\({broken}\\)"


def test_it_leaves_formulas_in_code_alone():
    assert render_rich(r"`\(x\)`") == r"<code>\(x\)</code>"


def test_it_reads_an_escaped_comparison_in_a_formula():
    assert "<mo>&lt;</mo>" in render_rich({"text": r"<p>\(a &lt; b\)</p>", "format": "html"})
