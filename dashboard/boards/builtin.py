"""The boards that come with the product. Their titles are made in the reader's language."""

from collections.abc import Callable

from django.utils.translation import gettext as _

from dashboard.boards.body import Body
from dashboard.boards.making import (
    area,
    board,
    by_worker,
    heatmap,
    line,
    log,
    percentile,
    rate,
    spread,
    stacked,
    stat,
    table,
    total,
)
from dashboard.queries import Query

OVERVIEW = "overview"


def overview() -> Body:
    return board(
        _("Overview"),
        stat(_("Open sockets"), total("signalbox_sockets")),
        stat(_("People"), total("signalbox_people")),
        stat(_("Commands"), rate("signalbox_commands_total"), unit="/s"),
        stat(_("Told to clients"), rate("signalbox_deliveries_total"), unit="/s"),
        stat(
            _("Lag of the event loop"), percentile("signalbox_loop_lag_seconds", 0.99),
            unit="s", warning=0.05, note="p99",
        ),
        stat(
            _("From worker to worker"), percentile("signalbox_canary_seconds", 0.99),
            unit="s", warning=0.5, note="p99",
        ),
        area(_("Sockets by worker"), by_worker("signalbox_sockets", "sum"), w=6),
        line(_("Commit to socket"), *spread("signalbox_fan_out_seconds"), unit="s", w=6),
        line(
            _("Commands by outcome"), rate("signalbox_commands_total", "outcome"), unit="/s"
        ),
        line(_("HTTP requests"), rate("signalbox_http_requests_total", "status"), unit="/s"),
        line(_("CPU by worker"), by_worker("process_cpu_seconds_total", "rate"), unit="s/s"),
        heatmap(_("Time of HTTP requests"), "signalbox_http_request_seconds", w=6),
        line(_("Memory by worker"), by_worker("process_resident_memory_bytes"), unit="B", w=6),
    )  # fmt: skip


def sockets() -> Body:
    return board(
        _("Sockets"),
        stacked(_("By transport"), total("signalbox_sockets", by=("transport",))),
        line(_("Handshakes"), rate("signalbox_handshakes_total", "status", "reason"), unit="/s"),
        line(
            _("Refused"),
            rate("signalbox_handshakes_total", "reason", labels={"status": "[345]*"}),
            unit="/s",
        ),
        line(_("Closed, by code"), rate("signalbox_closes_total", "code"), unit="/s"),
        line(_("Ended by the server"), rate("signalbox_goodbyes_total", "code"), unit="/s"),
        line(_("Slow readers"), rate("signalbox_slow_readers_total", "step"), unit="/s"),
        line(_("Waiting to be sent"), by_worker("signalbox_unsent_bytes", "sum"), unit="B"),
        line(_("Limits of rate that were met"), rate("signalbox_rate_limits_total", "limit")),
        line(_("Coming back"), rate("signalbox_returns_total"), unit="/s"),
        line(_("Topics"), total("signalbox_topics", by=("topic",))),
        line(_("Sockets without access any more"), rate("signalbox_revoked_sockets_total")),
        table(_("Who is connected"), h=8, options={"source": "sockets"}),
    )


def fan_out() -> Body:
    return board(
        _("Fan-out"),
        line(_("Commit to socket"), *spread("signalbox_fan_out_seconds"), unit="s", w=6),
        heatmap(_("Commit to socket"), "signalbox_fan_out_seconds", w=6),
        line(_("From worker to worker"), *spread("signalbox_canary_seconds"), unit="s", w=6),
        line(
            _("Arrived, or had to be read"),
            rate("signalbox_canaries_total", "fate"),
            unit="/s",
            w=6,
        ),
        line(_("Changes"), rate("signalbox_changes_total", "stream"), unit="/s"),
        line(_("Events that are not kept"), rate("signalbox_events_total", "event"), unit="/s"),
        line(_("Told to clients"), rate("signalbox_deliveries_total"), unit="/s"),
        line(_("Bytes told"), rate("signalbox_delivered_bytes_total"), unit="B/s"),
        line(_("Replays"), rate("signalbox_replays_total", "source"), unit="/s"),
        line(_("Gaps"), rate("signalbox_gaps_total", "end"), unit="/s"),
        line(_("Loads of the state"), rate("signalbox_resets_total"), unit="/s"),
        line(_("Streams that are held"), by_worker("signalbox_feeds", "sum")),
        line(_("Places in them"), by_worker("signalbox_subscriptions", "sum")),
    )


def workers() -> Body:
    return board(
        _("Workers"),
        line(_("CPU"), by_worker("process_cpu_seconds_total", "rate"), unit="s/s", w=6),
        line(_("Memory"), by_worker("process_resident_memory_bytes"), unit="B", w=6),
        line(_("Lag of the event loop"), *spread("signalbox_loop_lag_seconds"), unit="s"),
        line(
            _("Lag by worker"),
            by_worker("signalbox_loop_lag_seconds", "percentile", q=0.99),
            unit="s",
            note="p99",
        ),
        heatmap(_("Lag of the event loop"), "signalbox_loop_lag_seconds"),
        line(_("Descriptors"), by_worker("process_open_fds")),
        line(_("Free space"), by_worker("signalbox_disk_free_bytes", "min"), unit="B"),
        line(
            _("Pauses of the garbage collector"),
            *spread("signalbox_gc_pause_seconds"),
            unit="s",
        ),
        table(
            _("All workers"),
            by_worker("signalbox_sockets", "sum"),
            by_worker("process_cpu_seconds_total", "rate"),
            by_worker("process_resident_memory_bytes"),
            by_worker("signalbox_loop_lag_seconds", "percentile", q=0.99),
            columns=[_("Sockets"), _("CPU"), _("Memory"), _("Lag, p99")],
            units=["", "s/s", "B", "s"],
        ),
    )


def database() -> Body:
    return board(
        _("Database"),
        line(_("Time of queries"), *spread("signalbox_database_run_seconds"), unit="s", w=6),
        heatmap(_("Time of queries"), "signalbox_database_run_seconds", w=6),
        line(_("Waiting for a thread"), *spread("signalbox_database_wait_seconds"), unit="s"),
        line(_("Waiting now"), by_worker("signalbox_database_waiting", "sum")),
        line(_("Connections"), total("signalbox_database_pool", by=("state",))),
        line(
            _("Queries"), Query("signalbox_database_run_seconds", fn="count", by=("worker",)), w=6
        ),
        line(
            _("Stored in one transaction"), *spread("signalbox_group_commit_items"), w=6
        ),
    )  # fmt: skip


def layer() -> Body:
    return board(
        _("Layer"),
        line(_("Up"), by_worker("signalbox_layer_up", "min")),
        line(_("Round trip"), *spread("signalbox_round_trip_seconds"), unit="s"),
        line(_("News"), rate("signalbox_news_total", "fate"), unit="/s"),
        heatmap(_("Round trip"), "signalbox_round_trip_seconds", w=6),
        line(_("News that wait"), by_worker("signalbox_news_waiting", "max"), w=6),
    )


def http() -> Body:
    return board(
        _("HTTP"),
        line(_("Requests by status"), rate("signalbox_http_requests_total", "status"), unit="/s"),
        line(_("Time until the answer"), *spread("signalbox_http_request_seconds"), unit="s"),
        line(
            _("Requests by worker"),
            by_worker("signalbox_http_requests_total", "rate"),
            unit="/s",
        ),
        heatmap(_("Time until the answer"), "signalbox_http_request_seconds", w=12, h=4),
    )


def jobs() -> Body:
    return board(
        _("Jobs"),
        line(_("Jobs that wait"), Query("signalbox_jobs_waiting", fn="max")),
        line(_("Done, by outcome"), rate("signalbox_jobs_total", "outcome"), unit="/s"),
        line(
            _("Memory"),
            Query("process_resident_memory_bytes", labels={"worker": "*:jobs"}, by=("worker",)),
            unit="B",
        ),
        line(_("By job"), rate("signalbox_jobs_total", "job", top=12), unit="/s", w=6),
        line(
            _("Time of a job"),
            Query("signalbox_job_seconds", fn="percentile", by=("job",), top=12),
            unit="s",
            w=6,
            note="p99",
        ),
        heatmap(_("Time of a job"), "signalbox_job_seconds", w=12),
    )


def notifications() -> Body:
    return board(
        _("Notifications"),
        line(_("Told in inboxes"), rate("signalbox_told_total"), unit="/s"),
        line(_("Time of a batch"), *spread("signalbox_telling_seconds"), unit="s"),
        line(
            _("Left for the outside"),
            rate("signalbox_outbound_total", "channel", "outcome"),
            unit="/s",
        ),
        line(
            _("Inboxes and announcements"),
            rate("signalbox_changes_total", "stream", labels={"stream": "[ia]n*"}),
            unit="/s",
        ),
        line(
            _("Waiting"),
            Query("signalbox_outbox_waiting", fn="max", legend="outbox"),
            Query("signalbox_outbound_waiting", fn="max", by=("channel",)),
        ),
        line(_("Counts told anew"), rate("signalbox_events_total", "event"), unit="/s"),
        line(
            _("Commands"),
            rate("signalbox_commands_total", "command", labels={"command": "inbox.*"}),
            unit="/s",
        ),
    )


def logs() -> Body:
    return board(_("Logs"), log(_("Log"), h=10))


def alerts() -> Body:
    return board(
        _("Alerts"),
        stat(_("Alerts that fire"), total("signalbox_alerts_firing"), w=3),
        stat(
            _("Time of a round"), percentile("signalbox_alert_round_seconds", 0.99),
            unit="s", warning=5, w=3, note="p99",
        ),
        stat(
            _("HTTP errors"),
            rate("signalbox_http_requests_total", labels={"status": "5xx"}),
            unit="/s", w=3,
        ),
        stat(_("Layer"), Query("signalbox_layer_up", fn="min"), w=3),
        line(_("Alerts over time"), total("signalbox_alerts_firing"), w=6),
        line(
            _("What happened to alerts"),
            Query("signalbox_alert_changes_total", by=("what",), fn="delta"),
            w=6,
        ),
        log(_("Warnings and errors"), options={"level": "warning"}),
    )  # fmt: skip


BUILT_IN: dict[str, Callable[[], Body]] = {
    OVERVIEW: overview,
    "sockets": sockets,
    "fan-out": fan_out,
    "workers": workers,
    "database": database,
    "layer": layer,
    "http": http,
    "jobs": jobs,
    "notifications": notifications,
    "logs": logs,
    # Under `/boards/alerts/` are the alerts themselves.
    "alerting": alerts,
}
