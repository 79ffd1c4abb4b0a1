"""`manage.py demo_feed`: sends made-up prices to an installation that is served."""

import time
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from dashboard.demo.feed import Feed, Refused
from dashboard.demo.market import Market
from dashboard.ingest.senders import make_source_token
from dashboard.models import Audience, IngestSource
from realtime_project.accounts.models import User

BATCHES_PER_SECOND = 10


class Command(BaseCommand):
    help = "Send made-up prices to what is served, over HTTP, until it is ended."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--url", default="http://127.0.0.1:8000")
        parser.add_argument("--rate", type=int, default=1_000, help="prices a second")
        parser.add_argument("--seconds", type=int, default=0, help="how long; 0 without an end")

    def handle(self, *args: Any, **options: Any) -> None:
        feed = Feed(options["url"], _token())
        self.stdout.write(f"Sending {options['rate']} prices a second to {options['url']}")
        try:
            _send(feed, options["rate"], options["seconds"])
        except Refused as error:
            raise CommandError(f"Not taken: {error}") from error
        except KeyboardInterrupt:
            self.stdout.write("Ended")
        finally:
            feed.close()


def _token() -> str:
    owner = User.objects.filter(is_superuser=True, is_active=True).order_by("pk").first()
    if owner is None:
        raise CommandError("Somebody has to run this installation first.")
    source, _ = IngestSource.objects.get_or_create(
        slug="market", defaults={"title": "Market", "audience": Audience.EVERYBODY}
    )
    for old in source.tokens.select_related("token").filter(token__revoked=None):
        # Each run has a token of its own, because nobody knows those of earlier ones.
        old.token.delete()
    return make_source_token(by=owner, source=source, name="demo-feed")


def _send(feed: Feed, rate: int, seconds: int) -> None:
    market = Market()
    began = time.time_ns()
    most = rate * seconds if seconds else None
    sent = 0
    while most is None or sent < most:
        time.sleep(1 / BATCHES_PER_SECOND)
        count = due(time.time_ns() - began, rate, sent, most)
        start = began + sent * 1_000_000_000 // rate
        feed.send(tick.line for tick in market.ticks(start, count, rate))
        sent += count


def due(passed: int, rate: int, sent: int, most: int | None) -> int:
    """Return how many prices there are to be told after so many nanoseconds. All of them go
    together: an answer takes as long as storing, in which others were made."""
    made = passed * rate // 1_000_000_000
    return max(0, min(made, made if most is None else most) - sent)
