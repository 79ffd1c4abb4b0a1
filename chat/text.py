"""From what a person typed to what others see: Markdown to a small, safe subset of HTML.

The writer below makes only tags that it knows, from the parser's events: HTML in the text is
shown, not obeyed. nh3 then holds the result to the same list once more, so that a mistake here
is not a hole. Parser and writer take time linear in the text. A highlighter need not: pygments
knows languages on which a hostile block of 4 KB takes it ten seconds. So only languages that were
tried with hostile text are coloured, and only so much of a message.
"""

import re
from collections.abc import Callable, Iterable
from html import escape
from typing import Any

import msgspec
import nh3
import pyromark
from pygments import highlight
from pygments.formatters import HtmlFormatter
from pygments.lexers import get_lexer_by_name

MAX_HTML_BYTES = 50 * 1024
MAX_DEPTH = 12
MAX_HIGHLIGHTED_CHARACTERS = 2000
LANGUAGES = frozenset(
    {
        *("bash", "css", "diff", "dockerfile", "go", "html", "ini", "js", "json", "kotlin", "lua"),
        *("makefile", "nginx", "php", "py", "python", "rb", "ruby", "rust", "sh", "sql", "toml"),
        *("ts", "typescript", "xml", "yaml"),
    }
)

_OPTIONS = pyromark.Options.ENABLE_STRIKETHROUGH | pyromark.Options.ENABLE_TABLES
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f]")
_URL = re.compile(r"https?://[^\s<>\"]+")
_TRAILING = frozenset(".,;:!?'*_~")
_SAFE_URL = re.compile(r"(?:https?://|mailto:)", re.IGNORECASE)
# What within a line is neither markup nor the beginning of a link or of a mention.
_MEANS_NOTHING = re.compile(r"(?:[^\W_]|[ .,%/'()+µ·–-])*")
_TICKS = re.compile(r"`+")

_TAGS = {
    "Paragraph": "p",
    "BlockQuote": "blockquote",
    "Item": "li",
    "Emphasis": "em",
    "Strong": "strong",
    "Strikethrough": "s",
    "Table": "table",
    "TableHead": "thead",
    "TableRow": "tr",
    "TableCell": "td",
}
_ATTRIBUTES = {
    "a": {"href", "target"},
    "code": {"class"},
    "pre": {"class"},
    "span": {"class", "data-person"},
    "ol": {"start"},
}
_CLEANER = nh3.Cleaner(
    tags={*_TAGS.values(), "a", "br", "code", "hr", "ol", "pre", "span", "ul"},
    attributes=_ATTRIBUTES,
    url_schemes={"http", "https", "mailto"},
    link_rel="noopener noreferrer nofollow",
)


Mark = Callable[[str], str]
"""Writes words as HTML."""


def clean(text: str) -> str:
    """Return what a person typed without characters that nobody can see or store."""
    return _CONTROL.sub("", text.replace("\r\n", "\n").replace("\r", "\n")).strip()


def plain(text: str) -> str:
    """Return words as HTML."""
    return escape(text, quote=False)


def verbatim(words: str) -> str:
    """Return words that others have chosen, for within a line of Markdown: they are shown as they
    are, and lead nowhere and mention nobody. What could mean something stands there as code."""
    words = " ".join(clean(words).split())
    if _MEANS_NOTHING.fullmatch(words):
        return words
    fence = "`" * (1 + max(map(len, _TICKS.findall(words)), default=0))
    return f"{fence} {words} {fence}"


def render(text: str, mark: Mark = plain) -> str:
    """Return a message as safe HTML of at most 50 KiB as JSON."""
    html = write(text, mark)
    html = "" if html is None else str(_CLEANER.clean(html))
    if not html or len(msgspec.json.encode(html)) > MAX_HTML_BYTES:
        # Nested absurdly deep, or markup that swells: shown as it was typed.
        return f"<p>{plain(text)}</p>"
    return html


def write(text: str, mark: Mark) -> str | None:
    """Return a message as HTML that is not cleaned yet, or None for what is nested too deeply.

    `mark` is given all that is said in its author's own words, which is neither code nor a link
    nor quoted, and returns it as HTML.
    """
    return _Writer(mark).write(pyromark.events(text, options=_OPTIONS))


class _Writer:
    """Writes the events of the parser as HTML."""

    def __init__(self, mark: Mark) -> None:
        self._say = mark
        self._out: list[str] = []
        self._closing: list[str] = []
        self._code: list[str] | None = None
        self._language = ""
        self._links = 0
        self._may_highlight = MAX_HIGHLIGHTED_CHARACTERS

    def write(self, events: Iterable[Any]) -> str | None:
        """Return the HTML, or None for what is nested too deeply."""
        for event in events:
            if isinstance(event, str):
                self._mark(event)
            else:
                ((name, value),) = event.items()
                getattr(self, f"_on_{name.lower()}", self._on_text)(value)
            if len(self._closing) > MAX_DEPTH:
                return None
        return "".join(self._out)

    def _mark(self, name: str) -> None:
        self._out.append({"Rule": "<hr>"}.get(name, "<br>"))

    def _on_text(self, text: str) -> None:
        if self._code is not None:
            self._code.append(text)
        elif self._links:
            self._out.append(plain(text))
        else:
            is_quoted = "</blockquote>" in self._closing
            self._out.append(_with_links(text, plain if is_quoted else self._say))

    def _on_code(self, text: str) -> None:
        self._out.append(f"<code>{plain(text)}</code>")

    def _on_start(self, tag: Any) -> None:
        name, value = (tag, None) if isinstance(tag, str) else next(iter(tag.items()))
        opening, closing = self._opening(name, value)
        self._out.append(opening)
        self._closing.append(closing)

    def _on_end(self, tag: Any) -> None:
        if self._code is not None:
            self._write_code("".join(self._code))
            self._code = None
        closing = self._closing.pop()
        self._links -= closing == "</a>"
        self._out.append(closing)

    def _write_code(self, code: str) -> None:
        language = self._language.split()[0].lower() if self._language.split() else ""
        body = plain(code)
        if language in LANGUAGES and len(code) <= self._may_highlight:
            self._may_highlight -= len(code)
            body = _highlighted(code, language)
        self._out.append(f'<pre class="code"><code>{body}</code></pre>')

    def _opening(self, name: str, value: Any) -> tuple[str, str]:
        match name:
            case "CodeBlock":
                self._code = []
                self._language = value.get("Fenced", "") if isinstance(value, dict) else ""
                return "", ""
            case "Heading":
                # A message has no outline of its own within the page.
                return "<p><strong>", "</strong></p>"
            case "List":
                return ("<ul>", "</ul>") if value is None else (f'<ol start="{value}">', "</ol>")
            case "Link" | "Image":
                return self._link(value["dest_url"])
        known = _TAGS.get(name)
        return (f"<{known}>", f"</{known}>") if known else ("", "")

    def _link(self, url: str) -> tuple[str, str]:
        # An image is a link too: a picture from elsewhere would tell its server who reads here.
        if self._links or not _SAFE_URL.match(url):
            return "", ""
        self._links += 1
        return f'<a href="{escape(url)}" target="_blank">', "</a>"


def _with_links(text: str, mark: Mark) -> str:
    out: list[str] = []
    end = 0
    for found in _URL.finditer(text):
        url = _without_trailing(found.group())
        out += (mark(text[end : found.start()]), _anchor(url))
        end = found.start() + len(url)
    out.append(mark(text[end:]))
    return "".join(out)


def _without_trailing(url: str) -> str:
    # A bracket that was opened before the address is not part of it.
    surplus = url.count(")") - url.count("(")
    end = len(url)
    while end and (url[end - 1] in _TRAILING or (url[end - 1] == ")" and surplus > 0)):
        surplus -= url[end - 1] == ")"
        end -= 1
    return url[:end]


def _anchor(url: str) -> str:
    return f'<a href="{escape(url)}" target="_blank">{plain(url)}</a>'


def _highlighted(code: str, language: str) -> str:
    lexer = get_lexer_by_name(language, stripnl=False)
    return str(highlight(code, lexer, HtmlFormatter(nowrap=True)))
