"""Translations as tests read them: without gettext's own tools, which a machine may lack."""

import ast
import re
from pathlib import Path

LINE = re.compile(r'(?:(msgctxt|msgid_plural|msgid|msgstr(?:\[\d\])?) )?(".*")')


def read_po(path: Path) -> list[dict[str, str]]:
    """Return the entries of a .po file but for its header, each as its fields."""
    entries: list[dict[str, str]] = []
    field = ""
    for line in path.read_text().splitlines():
        match = LINE.fullmatch(line)
        if match is None:
            continue
        name, text = match[1], ast.literal_eval(match[2])
        if name == "msgctxt" or (name == "msgid" and field != "msgctxt"):
            entries.append({})
        field = name or field
        entries[-1][field] = entries[-1].get(field, "") + text
    return [entry for entry in entries if entry["msgid"]]


def texts_of_scripts(root: Path) -> set[str]:
    """Return every text that the modules have translated."""
    call = re.compile(r'\bn?gettext\(\s*("(?:[^"\\]|\\.)*")')
    sources = (path.read_text() for path in (root / "static/js").rglob("*.js"))
    return {ast.literal_eval(text) for source in sources for text in call.findall(source)}
