"""Tags: some are shown as a sign before the title, the others as words."""

from collections.abc import Iterable

SIGNS = {
    "alarm": "⏰", "bell": "🔔", "bug": "🐛", "calendar": "📅", "chart": "📈", "check": "✅",
    "computer": "💻", "cross": "❌", "envelope": "✉️", "fire": "🔥", "hourglass": "⏳",
    "house": "🏠", "information": "ℹ️", "key": "🔑", "lock": "🔒", "mag": "🔍", "money": "💰",
    "package": "📦", "phone": "📞", "question": "❓", "robot": "🤖", "rocket": "🚀",
    "rotating_light": "🚨", "skull": "💀", "sparkles": "✨", "star": "⭐", "tada": "🎉",
    "thermometer": "🌡️", "thumbsdown": "👎", "thumbsup": "👍", "truck": "🚚", "warning": "⚠️",
    "white_check_mark": "✅", "wrench": "🔧", "x": "❌", "zap": "⚡",
}  # fmt: skip


def signs(tags: Iterable[str]) -> str:
    """Return the signs of tags, in their order."""
    return "".join(SIGNS[tag] for tag in tags if tag in SIGNS)


def words(tags: Iterable[str]) -> list[str]:
    """Return the tags that have no sign."""
    return [tag for tag in tags if tag not in SIGNS]
