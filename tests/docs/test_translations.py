"""Every text is there in every language, as it is served."""

import ast
import gettext
import re
from pathlib import Path

import pytest
from django.utils.translation.template import templatize

from tests.servers.installation import ROOT
from tests.translations import read_po, texts_of_scripts

CATALOGUES = sorted((ROOT / "locale").rglob("*.po"))
PLACE = re.compile(r"%\((\w+)\)s")
PYTHON_CALL = re.compile(r'(?<![\w.])(?:_|n?gettext(?:_lazy|_noop)?)\(\s*("(?:[^"\\]|\\.)*")')
QUOTED = r"""(?:"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*')"""
# What Django makes of a template's tags; with a context, the text comes second.
TEMPLATE_CALL = re.compile(rf"(?:\bn?gettext\(|pgettext\(u?{QUOTED},\s*)u?({QUOTED})")


def name_of(path: Path) -> str:
    return "/".join(path.relative_to(ROOT / "locale").parts)


@pytest.mark.parametrize("path", CATALOGUES, ids=name_of)
def test_what_is_served_is_what_was_translated(path: Path):
    with path.with_suffix(".mo").open("rb") as file:
        served = gettext.GNUTranslations(file)

    for entry in read_po(path):
        if "msgid_plural" in entry:
            for number, form in ((1, "msgstr[0]"), (2, "msgstr[1]")):
                told = served.ngettext(entry["msgid"], entry["msgid_plural"], number)
                assert told == entry[form], entry["msgid"]
        elif "msgctxt" in entry:
            assert served.pgettext(entry["msgctxt"], entry["msgid"]) == entry["msgstr"]
        else:
            assert served.gettext(entry["msgid"]) == entry["msgstr"]


@pytest.mark.parametrize("path", CATALOGUES, ids=name_of)
def test_no_text_is_left_out_and_what_is_put_into_it_stays(path: Path):
    for entry in read_po(path):
        forms = [text for field, text in entry.items() if field.startswith("msgstr")]
        sources = [entry["msgid"], entry.get("msgid_plural", entry["msgid"])]
        for source, text in zip(sources, forms, strict=False):
            assert text, entry["msgid"]
            assert set(PLACE.findall(text)) == set(PLACE.findall(source)), entry["msgid"]


def test_every_text_of_the_modules_is_in_their_catalogue():
    for path in CATALOGUES:
        if path.stem == "djangojs":
            assert texts_of_scripts(ROOT) == {entry["msgid"] for entry in read_po(path)}


def test_every_text_of_the_pages_and_of_the_server_is_in_theirs():
    texts = texts_of_templates() | texts_of_python()
    assert len(texts) > 100
    for path in CATALOGUES:
        if path.stem == "django":
            assert texts == {entry["msgid"] for entry in read_po(path)}


def texts_of_templates() -> set[str]:
    found: set[str] = set()
    for path in (ROOT / "templates").rglob("*.*"):
        source = templatize(path.read_text())
        found |= {ast.literal_eval(text) for text in TEMPLATE_CALL.findall(source)}
    return found


def texts_of_python() -> set[str]:
    found: set[str] = set()
    for folder in ("chat", "dashboard", "notifications", "realtime_project"):
        for path in (ROOT / folder).rglob("*.py"):
            if "migrations" not in path.parts:
                found |= {ast.literal_eval(text) for text in PYTHON_CALL.findall(path.read_text())}
    return found
