"""What browsers load: hashed for ever, and without what only developers read."""

import re
from pathlib import Path

from django.contrib.staticfiles.storage import StaticFilesStorage

from realtime_project.live.static import SmallSource
from tests.servers.installation import ROOT

STATIC = ROOT / "static"
MODULES = sorted((STATIC / "js").rglob("*.js"))
COMMENT = re.compile(r"/\*.*?\*/|^\s*//.*?$", flags=re.DOTALL | re.MULTILINE)


def served(module: Path) -> str:
    source = SmallSource(StaticFilesStorage(location=STATIC))
    with source.open(str(module.relative_to(STATIC))) as file:
        text: str = file.read().decode()
    return text


def test_no_comment_reaches_a_browser_and_no_text_is_lost():
    for module in MODULES:
        small = served(module)

        assert "/**" not in small
        # What people read on the page stands in quotes and templates.
        for text in re.findall(r'"[^"\n]*"', COMMENT.sub("", module.read_text())):
            assert text in small, f"{module.name} lost {text}"


def test_the_page_loads_a_fifth_less_for_it():
    whole = sum(len(module.read_bytes()) for module in MODULES)
    small = sum(len(served(module).encode()) for module in MODULES)

    assert small < 0.8 * whole
