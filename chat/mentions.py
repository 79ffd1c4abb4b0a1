"""Who is mentioned in a text: `@name`, by user name."""

import re

# Not within a word or an address. A name may hold dots, but a sentence ends with one.
_MENTION = re.compile(r"(?<![\w.+@/-])@([\w.+@-]{1,150})")


def may_mention(text: str) -> bool:
    """Return whether it is worth looking: asked of every message that is posted."""
    return "@" in text


def mentioned(text: str) -> set[str]:
    """Return the names that may be meant by a text, those of nobody among them."""
    names = set(_MENTION.findall(text))
    return names | {name.rstrip(".+@-") for name in names} - {""}
