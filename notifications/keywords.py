"""Words by which people want to be found: whole words, however they are written.

Pure, and linear in the text: no pattern of somebody's is ever compiled.
"""

import unicodedata
from collections.abc import Iterable

MAX_KEYWORDS = 20
MIN_CHARACTERS, MAX_CHARACTERS = 2, 40


def fold(text: str) -> str:
    """Return a text as it is compared: without differences of case, of composed and decomposed
    letters, and of white space."""
    folded = unicodedata.normalize("NFKC", text).casefold()
    return " ".join(unicodedata.normalize("NFKC", folded).split())


def is_keyword(text: str) -> bool:
    """Return whether a text can be watched for: neither too short nor too long, with at least one
    letter or digit in it."""
    folded = fold(text)
    fits = len(folded) >= MIN_CHARACTERS and len(text) <= MAX_CHARACTERS
    return fits and any(map(str.isalnum, folded))


def first_found(keywords: Iterable[str], text: str) -> str | None:
    """Return the first of these folded keywords that stands in a folded text as a whole word."""
    return next((keyword for keyword in keywords if _stands_in(keyword, text)), None)


def _stands_in(keyword: str, text: str) -> bool:
    start = text.find(keyword)
    while start >= 0:
        end = start + len(keyword)
        if not _is_within_word(text, start) and not _is_within_word(text, end):
            return True
        start = text.find(keyword, start + 1)
    return False


def _is_within_word(text: str, place: int) -> bool:
    """Whether a word goes on over this place, so that what ends or begins here is a part of it."""
    return 0 < place < len(text) and all(map(_is_of_word, text[place - 1 : place + 1]))


def _is_of_word(character: str) -> bool:
    return character.isalnum() or character == "_" or bool(unicodedata.combining(character))
