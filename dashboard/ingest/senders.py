"""Who may send: tokens that belong to a source."""

from dataclasses import dataclass

from django.db import transaction

from dashboard.models import IngestSource, SourceToken
from dashboard.scopes import INGEST
from realtime_project.accounts import bearers
from realtime_project.accounts.models import User
from realtime_project.accounts.services import make_token
from realtime_project.live.codes import ErrorCode, LiveError


@dataclass(frozen=True)
class Sender:
    """Somebody's program that sends for a source."""

    source: int
    slug: str
    token: int
    max_series: int | None
    """How many series it may make, where that is fewer than its source may."""
    digest: str


def find(secret: str) -> Sender | None:
    """Return for which source a token is, unless it is nobody's or over. Raises LiveError for one
    that is good for something else."""
    bearer = bearers.find(secret)
    if bearer is None:
        return None
    found = SourceToken.objects.filter(token__digest=bearer.digest)
    source = found.values_list("source_id", "source__slug", "pk", "max_series").first()
    if INGEST.name not in bearer.scopes or source is None:
        raise LiveError(ErrorCode.FORBIDDEN, "This token belongs to no source of numbers.")
    if not bearer.is_noted:
        bearers.note(bearer.digest)
    return Sender(*source, bearer.digest)


def make_source_token(*, by: User, source: IngestSource, name: str) -> str:
    """Make a token by which somebody's program sends for a source; returns its secret, which is
    told this once."""
    with transaction.atomic():
        token, secret = make_token(by=by, name=name, scopes=[INGEST.name])
        SourceToken.objects.create(source=source, token=token)
    return secret
