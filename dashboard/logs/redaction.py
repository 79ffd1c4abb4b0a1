"""Taking secrets out of lines before they are kept. Pure.

It errs on the side of taking too much. No pattern takes longer than its text is long: what a line
holds is written by anybody.
"""

import re
from collections.abc import Iterable

REMOVED = "[redacted]"
SHORTEST = 8

_HEADERS = re.compile(
    r"\b((?:proxy-)?authorization|(?:set-)?cookie|x-api-key|x-csrftoken)\b"
    r"([\"']?[ \t]{0,3}[:=][ \t]{0,3})[^\r\n]++",
    re.IGNORECASE,
)
_NAMED = re.compile(
    r"(passw(?:or)?d|passphrase|secret|token|api[_-]?key|private[_-]?key|access[_-]?key"
    r"|sessionid|credential)"
    r"([\w-]{0,24}+[\"']?\s{0,3}(?:=>|[=:])\s{0,3}[bru]{0,2})"
    r"(\"[^\"\r\n]*+\"?|'[^'\r\n]*+'?|[^\s,;&\"')\]}]++)",
    re.IGNORECASE,
)
_SCHEMES = re.compile(r"\b(bearer|basic|token|digest)([ \t]{1,3})[\w.~+/=-]{8,}+", re.IGNORECASE)
_TOKENS = re.compile(
    r"\bsbx_[\w-]{8,}+"  # our own
    r"|\beyJ[\w-]{8,}+\.[\w-]++(?:\.[\w-]++)?"  # JSON web tokens
    r"|\b(?:gh[pousr]|glpat|xox[abprs]|sk|pk|rk)[_-][\w-]{16,}+"
    r"|\bAKIA[0-9A-Z]{16}\b"
)
_ADDRESSES = re.compile(r"(://[^\s/:@]{0,100}:)[^\s/@]{1,200}@")
_KEYS = re.compile(r"-----BEGIN [A-Z0-9 ]{0,40}PRIVATE KEY-----[^-]*+(?:-----END[^\r\n]*+)?")
# Without one of these nothing can match, and looking for them is far cheaper than the patterns.
_HINTS = re.compile(
    r"auth|cookie|key|passw|passphrase|secret|token|session|credential|bearer|basic|digest"
    r"|sbx_|eyj|gh[pousr][_-]|glpat|xox|sk[_-]|pk[_-]|rk[_-]|akia|://",
    re.IGNORECASE,
)


class Redaction:
    """Takes secrets out of texts: what looks like one, and those that are known word by word."""

    def __init__(self, known: Iterable[str] = ()) -> None:
        words = sorted({word for word in known if len(word) >= SHORTEST}, key=len, reverse=True)
        self._known = re.compile("|".join(map(re.escape, words))) if words else None

    def clean(self, text: str) -> str:
        """Return a text without secrets."""
        if self._known:
            text = self._known.sub(REMOVED, text)
        if not _HINTS.search(text):
            return text
        text = _KEYS.sub(REMOVED, text)
        text = _HEADERS.sub(rf"\1\2{REMOVED}", text)
        text = _ADDRESSES.sub(rf"\1{REMOVED}@", text)
        text = _SCHEMES.sub(rf"\1\2{REMOVED}", text)
        text = _NAMED.sub(rf"\1\2{REMOVED}", text)
        return _TOKENS.sub(REMOVED, text)
