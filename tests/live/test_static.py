"""What browsers load: hashed for ever, and without what only developers read."""

import re
from pathlib import Path

from django.contrib.staticfiles.storage import StaticFilesStorage

from realtime_project.live.static import UncommentedSource
from tests.servers.installation import ROOT

STATIC = ROOT / "static"
COMMENT = re.compile(r"^[ \t]*(?:/\*.*?\*/|//[^\n]*)$", re.DOTALL | re.MULTILINE)
MODULES = sorted((STATIC / "js").rglob("*.js"))


def served(module: Path) -> str:
    source = UncommentedSource(StaticFilesStorage(location=STATIC))
    with source.open(str(module.relative_to(STATIC))) as file:
        text: str = file.read().decode()
    return text


def test_what_is_served_lacks_lines_of_comments_and_nothing_else():
    for module in MODULES:
        left = iter(served(module).splitlines())
        waiting = next(left, None)
        for line in module.read_text().splitlines():
            if line == waiting:
                waiting = next(left, None)
            else:
                assert re.match(r"\s*(//|/\*|\*)|.*\*/$", line), f"{module.name} lost {line}"
        assert waiting is None, f"{module.name} has {waiting} in it"


def test_no_comment_reaches_a_browser():
    for module in MODULES:
        assert not re.search(r"^\s*(//|/\*)", served(module), flags=re.MULTILINE), module.name


def test_no_template_has_a_line_that_looks_like_a_comment():
    for module in MODULES:
        text = module.read_text()
        for comment in COMMENT.finditer(text):
            code_before = COMMENT.sub("", text[: comment.start()])
            assert code_before.count("`") % 2 == 0, f"{module.name}: {comment.group()}"
