"""What deploy/ describes, served."""

from collections.abc import Iterator

import pytest

from tests.servers.cluster import Cluster, serve_cluster
from tests.servers.postgres import Postgres
from tests.servers.process import free_port
from tests.servers.requirements import required
from tests.servers.valkey import serve_valkey


@pytest.fixture(scope="session")
def cluster(postgres: Postgres, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cluster]:
    """Three workers behind nginx, shared by all of these tests."""
    folder = tmp_path_factory.mktemp("cluster")
    database = postgres.create(folder.name)
    with (
        required(),
        serve_valkey() as broker,
        serve_cluster(folder, free_port(), database, broker.url, print) as cluster,
    ):
        yield cluster
        print(cluster.nginx.log.read_text())  # noqa: T201 (shown where a test failed)
