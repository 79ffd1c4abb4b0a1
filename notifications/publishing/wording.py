"""How it reads what a program said."""

import msgspec

from notifications.models import Published
from notifications.publishing.content import Content
from notifications.publishing.tags import signs, words

MAX_HEADING = 120
_contents = msgspec.json.Decoder(Content)


def content_of(published: Published) -> Content:
    """Return what was said."""
    return _contents.decode(published.content)


def heading(title: str, text: str) -> tuple[str, str]:
    """Return what stands in the first place, and what there is beside it. Without a title the
    first line is one; where it is too long for that it is cut, and all of it follows."""
    if title:
        return title, text
    first, _, rest = text.partition("\n")
    if len(first) <= MAX_HEADING:
        return first.strip(), rest.strip()
    return first[: MAX_HEADING - 1].rstrip() + "…", text


def shown_as(content: Content) -> tuple[str, str]:
    """Return a title with the signs of the tags, and what there is beside it with the others."""
    title, text = heading(content.title, content.text)
    named = " ".join(f"#{tag}" for tag in words(content.tags))
    return f"{signs(content.tags)} {title}".strip(), "\n".join(filter(None, (text, named)))
