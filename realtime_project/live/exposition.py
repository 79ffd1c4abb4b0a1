"""`/metrics`: what this worker counts, as Prometheus reads it, and who may read it.

It is answered beneath Django and looks at nothing outside the process: it must also tell something
while the database is away, and then most of all.
"""

from collections.abc import Awaitable, Callable, Iterable, Iterator, Mapping
from hmac import compare_digest
from http import HTTPStatus
from ipaddress import IPv6Address, ip_address
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.core import (
    CounterMetricFamily,
    GaugeMetricFamily,
    HistogramMetricFamily,
    Metric,
)
from prometheus_client.exposition import CONTENT_TYPE_PLAIN_0_0_4
from prometheus_client.registry import Collector

from realtime_project.live import (
    gauges,  # noqa: F401 (puts what is looked at into the table)
    metrics,
)
from realtime_project.live.histogram import BUCKETS_PER_DOUBLING, Histogram

Scope = Any
Receive = Callable[[], Awaitable[Any]]
Send = Callable[[Any], Awaitable[None]]
Application = Callable[[Scope, Receive, Send], Awaitable[None]]

PATH = "/metrics"
BEHIND_PROXY = "signalbox.behind_proxy"
"""The ASGI extension by which our server says that it takes addresses from a proxy's header."""
FORWARDING = (b"forwarded", b"via", b"x-real-ip", b"x-client-ip", b"x-forwarded-")
LOCAL_NAMES = ("127.0.0.1", "localhost", "::1")
# Two buckets for each doubling: with all eight a scrape would be four times as long. The fine ones
# are for those who merge.
STEP = BUCKETS_PER_DOUBLING // 2


def with_metrics(application: Application) -> Application:
    """Answer for `/metrics` before an HTTP application. Who may not read it is handed on, and
    learns from Django that there is no such page."""

    async def run(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["path"] == PATH and scope["method"] in ("GET", "HEAD") and may_read(scope):
            await _answer(scope, send)
        else:
            await application(scope, receive, send)

    return run


def may_read(scope: Mapping[str, Any]) -> bool:
    """Whether a request comes with the token, or from this very machine and through nobody."""
    headers = scope["headers"]
    return _has_token(headers) or (
        BEHIND_PROXY not in scope.get("extensions", {})
        and _is_local(scope.get("client"))
        and _is_said_to_local_name(headers)
        and not any(name.startswith(FORWARDING) for name, _ in headers)
    )


def expose() -> bytes:
    """Return every metric in Prometheus' text format."""
    return generate_latest(_registry)


# --- Who may read ---------------------------------------------------------------------------


def _has_token(headers: Iterable[tuple[bytes, bytes]]) -> bool:
    scheme, _, token = dict(headers).get(b"authorization", b"").partition(b" ")
    expected = settings.METRICS_TOKEN.encode()
    return bool(expected) and scheme.lower() == b"bearer" and compare_digest(token, expected)


def _is_local(client: Any) -> bool:
    # A Unix socket has no address, and is where a proxy connects. Without a port the address
    # comes from a header that some server believed.
    if not client or not client[1]:
        return False
    try:
        address = ip_address(client[0])
    except ValueError:
        return False
    if isinstance(address, IPv6Address) and address.ipv4_mapped:
        return address.ipv4_mapped.is_loopback
    return address.is_loopback


def _is_said_to_local_name(headers: Iterable[tuple[bytes, bytes]]) -> bool:
    # A proxy on this machine that passes `Host` on gives itself away, and so does a page whose
    # name was made to point here (DNS rebinding).
    try:
        name = urlsplit(f"//{dict(headers).get(b'host', b'').decode('latin1')}").hostname
    except ValueError:
        return False
    return name in LOCAL_NAMES


# --- What is told ---------------------------------------------------------------------------


async def _answer(scope: Scope, send: Send) -> None:
    body = expose()
    headers = [
        (b"content-type", CONTENT_TYPE_PLAIN_0_0_4.encode()),
        (b"content-length", str(len(body)).encode()),
        (b"cache-control", b"no-store"),
    ]
    await send({"type": "http.response.start", "status": HTTPStatus.OK, "headers": headers})
    await send({"type": "http.response.body", "body": body if scope["method"] == "GET" else b""})


class Table(Collector):
    """The table of metrics, as the library that writes the format wants it."""

    def collect(self) -> Iterator[Metric]:
        for metric in metrics.table:
            yield _family(metric)


def _family(metric: metrics.Metric) -> Metric:
    about = (metric.name, metric.meaning)
    match metric:
        case metrics.Distribution():
            return _histograms(metric, {(): metric.histogram})
        case metrics.Distributions():
            return _histograms(metric, metric.by)
        case metrics.Counter():
            values: metrics.Value | Mapping[metrics.Labels, float] = metric.n
        case metrics.Counters():
            values = metric.by
        case metrics.Reading():
            values = metric.read()
    family: CounterMetricFamily | GaugeMetricFamily
    if metric.kind == "counter":
        family = CounterMetricFamily(*about, labels=metric.labels)
    else:
        family = GaugeMetricFamily(*about, labels=metric.labels)
    for labels, value in _by_labels(values):
        family.add_metric(labels, value)
    return family


def _by_labels(
    values: metrics.Value | Mapping[metrics.Labels, float],
) -> Iterator[tuple[tuple[str, ...], float]]:
    if isinstance(values, Mapping):
        for labels, value in values.items():
            yield (labels,) if isinstance(labels, str) else labels, value
    elif values is not None:
        yield (), values


def _histograms(
    metric: metrics.Metric, histograms: Mapping[metrics.Labels, Histogram]
) -> HistogramMetricFamily:
    family = HistogramMetricFamily(metric.name, metric.meaning, labels=metric.labels)
    for labels, histogram in histograms.items():
        buckets = [(f"{bound:.4g}", float(n)) for bound, n in histogram.cumulative(STEP)]
        buckets.append(("+Inf", float(histogram.count)))
        family.add_metric(
            (labels,) if isinstance(labels, str) else labels, buckets, sum_value=histogram.sum
        )
    return family


_registry = CollectorRegistry(auto_describe=False)
_registry.register(Table())
