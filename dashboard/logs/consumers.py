"""Lines of logs as they come."""

from collections.abc import Iterable, Sequence

from dashboard.logs import queries
from dashboard.models import IngestSource, Log
from realtime_project.live.changes import Change
from realtime_project.live.cursor import Want
from realtime_project.live.topics import Access, Heads, Params, SeriesTopic, State


class LogConsumer(SeriesTopic):
    """`log`: every line, for staff."""

    kind = Log.kind

    @classmethod
    def key_for(cls, person: int, params: Params) -> str:
        return Log(pk=1).key

    @classmethod
    def authorise_many(cls, person: int, keys: Iterable[str]) -> dict[str, Access]:
        return queries.log_access(person, keys)

    @classmethod
    def changes_many(cls, wants: Sequence[Want]) -> dict[Want, Change]:
        return queries.changed(wants)

    @classmethod
    def heads_many(cls, keys: Iterable[str]) -> Heads:
        return queries.log_revs(keys)

    @classmethod
    def state(cls, person: int, params: Params) -> State:
        if not queries.may_see_all(person):
            raise Log.DoesNotExist
        return queries.newest(queries.all_lines())


class SourceLogConsumer(SeriesTopic):
    """`log:web1`: the lines of one source, for those who may see it."""

    kind = IngestSource.kind
    max_per_socket = 8

    @classmethod
    def key_for(cls, person: int, params: Params) -> str:
        return IngestSource(slug=params["source"]).key

    @classmethod
    def authorise_many(cls, person: int, keys: Iterable[str]) -> dict[str, Access]:
        return queries.source_access(person, keys)

    @classmethod
    def changes_many(cls, wants: Sequence[Want]) -> dict[Want, Change]:
        return queries.changed(wants)

    @classmethod
    def heads_many(cls, keys: Iterable[str]) -> Heads:
        return queries.source_revs(keys)

    @classmethod
    def state(cls, person: int, params: Params) -> State:
        source = params["source"]
        if source not in queries.may_see(person, [source]):
            raise IngestSource.DoesNotExist
        return queries.newest(queries.lines_of(source))
