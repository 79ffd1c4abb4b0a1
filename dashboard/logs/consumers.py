"""Lines of logs as they come."""

from dashboard.logs import queries
from dashboard.models import IngestSource, Log
from realtime_project.live.topics import Params, SeriesTopic, State


class LogConsumer(SeriesTopic):
    """`log`: every line, for staff."""

    kind = Log.kind

    @classmethod
    def key_for(cls, person: int, params: Params) -> str:
        return Log(pk=1).key

    authorise_many = staticmethod(queries.log_access)
    changes_many = staticmethod(queries.changed)
    heads_many = staticmethod(queries.log_revs)

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

    authorise_many = staticmethod(queries.source_access)
    changes_many = staticmethod(queries.changed)
    heads_many = staticmethod(queries.source_revs)

    @classmethod
    def state(cls, person: int, params: Params) -> State:
        source = params["source"]
        if source not in queries.may_see(person, [source]):
            raise IngestSource.DoesNotExist
        return queries.newest(queries.lines_of(source))
