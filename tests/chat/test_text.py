"""What people type becomes safe HTML, at a bounded cost."""

import re
import time
from html.parser import HTMLParser

import msgspec
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from chat import mentions, text
from chat.text import MAX_DEPTH, MAX_HTML_BYTES, clean, render, verbatim


@pytest.mark.parametrize(
    ("typed", "shown"),
    [
        ("Hello", "<p>Hello</p>"),
        ("one\ntwo", "<p>one<br>two</p>"),
        ("**bold** _soft_ ~~gone~~", "<strong>bold</strong> <em>soft</em> <s>gone</s>"),
        ("`a < b`", "<code>a &lt; b</code>"),
        ("# Loud", "<p><strong>Loud</strong></p>"),
        ("- one\n- two", "<ul><li>one</li><li>two</li></ul>"),
        ("3. three", '<ol start="3"><li>three</li></ol>'),
        ("> quoted", "<blockquote><p>quoted</p></blockquote>"),
        ("張偉 😀 مرحبا", "<p>張偉 😀 مرحبا</p>"),
    ],
)
def test_markdown_is_shown_as_meant(typed: str, shown: str):
    assert shown in render(typed)


@pytest.mark.parametrize(
    "typed",
    [
        "<script>alert(1)</script>",
        "<img src=x onerror=alert(1)>",
        "<b onclick='alert(1)'>x</b>",
        "<style>*{display:none}</style>",
        "<!-- hidden -->",
    ],
)
def test_html_is_shown_and_not_obeyed(typed: str):
    assert "&lt;" in render(typed)
    assert not re.search(r"<(script|img|b|style|!)", render(typed))


@pytest.mark.parametrize(
    "url",
    [
        "javascript:alert(1)",
        "JaVaScRiPt:alert(1)",
        "data:text/html,x",
        "vbscript:x",
        "//evil",
        "/x",
    ],
)
def test_a_link_leads_to_the_web_or_nowhere(url: str):
    assert "href" not in render(f"[click]({url})")


def test_a_picture_is_a_link_and_is_not_fetched():
    assert render("![cat](https://x.example/cat.png)").startswith('<p><a href="https://x.example')
    assert "<img" not in render("![cat](https://x.example/cat.png)")


@pytest.mark.parametrize(
    ("typed", "address"),
    [
        ("see https://a.example/b.", "https://a.example/b"),
        ("(https://a.example/b)", "https://a.example/b"),
        ("https://a.example/b_(c)", "https://a.example/b_(c)"),
        ("https://a.example/?x=1&y=2!", "https://a.example/?x=1&amp;y=2"),
    ],
)
def test_a_bare_address_becomes_a_link_without_its_punctuation(typed: str, address: str):
    html = render(typed)

    assert f'href="{address}"' in html
    assert 'rel="noopener noreferrer nofollow"' in html
    assert 'target="_blank"' in html


def test_code_is_coloured_when_its_language_is_known():
    assert '<span class="k">def</span>' in render("```python\ndef f(): ...\n```")
    assert "<span" not in render("```nonsense\ndef f(): ...\n```")


def test_what_nobody_can_see_is_taken_out():
    assert clean("  a\r\nb\x00\x07\tc \n") == "a\nb\tc"


@pytest.mark.parametrize("words", ["req/s", "12.5 %", "Jürgen O'Neill (Köln)", "µs", "張偉", ""])
def test_harmless_words_of_others_stand_in_a_line_as_they_are(words: str):
    assert verbatim(words) == words


class Tree(HTMLParser):
    """Notes every tag and attribute, what is said, and how deep they are nested."""

    def __init__(self) -> None:
        super().__init__()
        self.said = ""
        self.tags: set[str] = set()
        self.attributes: set[str] = set()
        self.depth = self.deepest = 0

    def handle_starttag(self, tag, attrs):
        self.tags.add(tag)
        self.attributes |= {f"{tag}.{name}" for name, _ in attrs}
        if tag not in ("br", "hr"):
            self.depth += 1
            self.deepest = max(self.deepest, self.depth)

    def handle_endtag(self, tag):
        self.depth -= 1

    def handle_data(self, data):
        self.said += data


PIECES = [
    *"[]()!*_~`<>#|\\-\n \t&;:\"'",
    *("https://", "![a](", "```py\n", "    ", "1. ", "| a |\n|-|\n", "]: ", "</p>"),
    *("<a href=", "<script>", "javascript:", "word", "é", "張", "😀", "\x00"),
]
MARKUP = st.lists(st.sampled_from(PIECES), max_size=400).map("".join)


@given(st.one_of(MARKUP, st.text(max_size=2000)))
def test_whatever_is_typed_only_known_tags_come_out(typed: str):
    tree = Tree()
    tree.feed(render(clean(typed)))

    assert tree.tags <= {*text._TAGS.values(), "a", "br", "code", "hr", "ol", "pre", "span", "ul"}
    assert tree.attributes <= {
        "a.href", "a.target", "a.rel", "ol.start", "pre.class", "code.class", "span.class",
    }  # fmt: skip
    assert tree.deepest <= MAX_DEPTH + 3


CALLS = st.lists(st.sampled_from([*PIECES, "@", "@room", "@alice", "a"]), max_size=20).map("".join)


@given(st.one_of(CALLS, st.text(max_size=100)))
@example("@room")
@example("**x**")
@example("`@here`")
@example("[press](https://evil.example/)")
@example("https://evil.example/")
@example("a\n\n# @room")
def test_words_of_others_are_shown_and_neither_lead_anywhere_nor_call_anybody(words: str):
    line = f"so **many {verbatim(words)} of them** · and"
    tree = Tree()
    tree.feed(mentions.render(line, {"alice": 1}))

    assert tree.tags <= {"p", "strong", "code"}
    assert tree.said == f"so many {' '.join(clean(words).split())} of them · and"
    assert mentions.read(line) == mentions.Mentions()


@given(st.one_of(MARKUP, st.text(max_size=200)).filter(bool), st.integers(1, 10_000))
@example("&", 10_000)
@example('"\n', 5_000)
@example("<a ", 3_300)
def test_the_result_fits_into_a_frame(typed: str, times: int):
    filled = (typed * times)[:10_000]

    assert len(msgspec.json.encode(render(clean(filled)))) <= MAX_HTML_BYTES


# Of the thread's own CPU, which a busy machine makes a little more of. The worst of what is known
# takes a hundredth of it; a renderer that stalls on hostile input takes ten seconds and more.
MAX_CPU_SECONDS = 2


@given(MARKUP.filter(bool))
@example("https://a.b" + ")" * 989)
@example("(https://a.b")
@example("[")
@example("![a](")
@example("*a_")
@example("> ")
@example("|a")
@example("&")
@example("```html\n<a \n```\n")
@example("```python\n('\n```\n")
def test_no_ten_thousand_characters_stall_the_renderer(typed: str):
    filled = (typed * 10_000)[:10_000]

    began = time.thread_time()
    render(clean(filled))

    assert time.thread_time() - began < MAX_CPU_SECONDS


HOSTILE = [
    "\n",
    "a\n",
    "(",
    "[",
    "{",
    '"',
    "'",
    '"\\',
    "/*",
    "<",
    "<a ",
    "&",
    "#",
    "\\",
    "$(",
    "${",
    "-",
    " ",
    "`",
    "%",
]


@pytest.mark.parametrize("language", sorted(text.LANGUAGES))
def test_no_block_of_code_stalls_the_renderer_in_any_language(language: str):
    for unit in HOSTILE:
        code = (unit * text.MAX_HIGHLIGHTED_CHARACTERS)[: text.MAX_HIGHLIGHTED_CHARACTERS - 1]

        began = time.thread_time()
        render(f"```{language}\n{code}\n```")

        assert time.thread_time() - began < MAX_CPU_SECONDS, repr(unit)


LINE = "x = 1  # one\n"


def test_only_so_much_of_a_message_is_coloured():
    block = f"```python\n{LINE * 80}```\n\n"

    assert render(block * 4).count('<span class="c1">') == render(block).count('<span class="c1">')


@pytest.mark.parametrize("language", ["autohotkey", "csharp", "java", "c"])
def test_a_language_that_was_not_tried_is_shown_plainly(language: str):
    assert "<span" not in render(f"```{language}\nint x = 1;\n```")
