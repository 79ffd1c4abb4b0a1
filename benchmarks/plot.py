"""The plot of a run: what a delivery costs each subject, on a logarithmic scale."""

from math import log
from pathlib import Path

from benchmarks.bars import CPU
from benchmarks.results import Results
from benchmarks.subjects.registry import SIGNALBOX, SUBJECTS
from benchmarks.works.fan_out import PACES

WIDTH, LEFT, RIGHT, TOP, STEP = 760, 190, 30, 64, 38
FROM_US, TO_US = 2.0, 500.0
TICKS = (2, 5, 10, 20, 50, 100, 200, 500)
RADII = dict(zip(PACES, (5, 7.5, 10), strict=True))

# A picture in a page knows only which colours its reader prefers.
STYLE = """
text { font: 13px system-ui, sans-serif; fill: #1f2328; }
.note { fill: #59636e; font-size: 12px; }
.grid { stroke: #d1d9e0; }
.peer { fill: #818b98; }
.us { fill: #0969da; }
circle { stroke: #fff; stroke-width: 1.5; }
@media (prefers-color-scheme: dark) {
  text { fill: #f0f6fc; }
  .note { fill: #9198a1; }
  .grid { stroke: #3d444d; }
  .us { fill: #4493f8; }
  circle { stroke: #0d1117; }
}
"""


def write(path: Path, results: Results) -> None:
    path.write_text(draw(results))


def draw(results: Results) -> str:
    height = TOP + STEP * len(SUBJECTS) + 30
    parts = [_title(), *_grid(height)]
    for place, subject in enumerate(SUBJECTS):
        parts += _row(results, subject.name, TOP + STEP * place + STEP / 2)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height}" role="img" '
        'aria-label="CPU of one delivery for each subject">'
        f"<style>{STYLE}</style>{''.join(parts)}</svg>\n"
    )


def _title() -> str:
    sizes = ", ".join(f"{sockets:,}" for sockets in PACES)
    return _text(10, 22, "CPU of the server for one delivery, in microseconds") + _text(
        10, 42, f"Dots from small to large: {sizes} sockets. Further left is better.", "note"
    )


def _grid(height: int) -> list[str]:
    bottom = height - 26
    lines = []
    for tick in TICKS:
        x = _x(tick)
        lines.append(f'<line class="grid" x1="{x:.1f}" x2="{x:.1f}" y1="{TOP}" y2="{bottom}"/>')
        lines.append(_text(x, bottom + 17, str(tick), "note", "middle"))
    return lines


def _row(results: Results, subject: str, y: float) -> list[str]:
    parts = [_text(10, y + 4, subject)]
    side = "us" if subject == SIGNALBOX.name else "peer"
    # The large ones first, so that a small one is not hidden behind them.
    for sockets, radius in reversed(RADII.items()):
        try:
            value = results.value("fan-out", subject, CPU, sockets)
        except LookupError:
            continue
        parts.append(
            f'<circle class="{side}" cx="{_x(value):.1f}" cy="{y:.1f}" r="{radius}">'
            f"<title>{sockets:,} sockets: {value:.1f} us</title></circle>"
        )
    return parts


def _x(microseconds: float) -> float:
    inside = log(microseconds / FROM_US) / log(TO_US / FROM_US)
    return LEFT + min(max(inside, 0), 1) * (WIDTH - LEFT - RIGHT)


def _text(x: float, y: float, words: str, kind: str = "", anchor: str = "start") -> str:
    return f'<text x="{x:.1f}" y="{y:.1f}" class="{kind}" text-anchor="{anchor}">{words}</text>'
