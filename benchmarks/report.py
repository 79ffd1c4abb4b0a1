"""The page about a run: its tables stand between two marks of README.md, its plot beside it."""

from collections.abc import Iterable
from pathlib import Path

from benchmarks.bars import BARS, CPU
from benchmarks.results import Results
from benchmarks.subjects.registry import SUBJECTS
from benchmarks.works.fan_out import PACES

BEGIN, END = "<!-- from results.json -->", "<!-- until here -->"

# Columns of the table of peers: work, metric, heading.
PEERS = (
    ("receivers", "last_p50_ms", "last of 200, p50, ms"),
    ("receivers", "last_p99_ms", "p99, ms"),
    ("connect", "cpu_ms", "CPU of a connect, ms"),
    ("memory", "rss_kib_per_socket", "KiB a socket"),
)


def write_into(page: Path, results: Results) -> None:
    """Replace what stands between the marks."""
    before, _, rest = page.read_text().partition(BEGIN)
    _, _, after = rest.partition(END)
    page.write_text(f"{before}{BEGIN}\n\n{tables(results)}\n{END}{after}")


def tables(results: Results) -> str:
    parts = [_machine(results), _bars(results), _fan_out(results), _peers(results)]
    return "\n".join(part for part in [*parts, _left_out(results)] if part)


def _machine(results: Results) -> str:
    facts = "; ".join(f"{name} {value}" for name, value in results.machine.items())
    busy = ", ".join(f"{work} {load}" for work, load in results.busy.items())
    return f"Measured on: {facts}.\nLoad average before each work: {busy or 'not noted'}.\n"


def _bars(results: Results) -> str:
    lines = []
    for bar in BARS:
        limit = f"{'at least' if bar.is_least else 'at most'} {_number(bar.limit)} {bar.unit}"
        try:
            value = bar.figure(results)
        except LookupError:
            lines.append((bar.what, limit.strip(), "not measured", ""))
        else:
            told = f"{_number(value)} {bar.unit}".strip()
            lines.append(
                (bar.what, limit.strip(), told, "met" if bar.is_met(value) else "**missed**")
            )
    return _table(("what", "bar", "measured", ""), lines)


def _fan_out(results: Results) -> str:
    heads = [f"{sockets:,} sockets" for sockets in PACES]
    lines = []
    for subject in SUBJECTS:
        cells = [_cell(results, "fan-out", subject.name, CPU, sockets) for sockets in PACES]
        load = _cell(results, "fan-out", subject.name, "load_core_percent", min(PACES))
        lines.append((subject.name, *cells, load))
    return "CPU of the server for one delivery, in us:\n\n" + _table(
        ("subject", *heads, "% of a core the load took at 500"), lines
    )


def _peers(results: Results) -> str:
    lines = [
        (one.name, *(_cell(results, work, one.name, metric) for work, metric, _ in PEERS))
        for one in SUBJECTS
    ]
    return "Beside each other:\n\n" + _table(("subject", *(head for *_, head in PEERS)), lines)


def _left_out(results: Results) -> str:
    return "".join(
        f"Left out, because it is not installed: {subject}: {reason}.\n"
        for subject, reason in results.left_out.items()
    )


def _cell(
    results: Results, work: str, subject: str, metric: str, sockets: int | None = None
) -> str:
    try:
        return _number(results.value(work, subject, metric, sockets))
    except LookupError:
        return ""


def _number(value: float) -> str:
    return f"{value:,.0f}" if value >= 100 or value == int(value) else f"{value:.3g}"


def _table(heads: Iterable[str], lines: Iterable[Iterable[str]]) -> str:
    heads = list(heads)
    rows = [heads, ["---"] * len(heads), *lines]
    return "".join(f"| {' | '.join(row)} |\n" for row in rows)
