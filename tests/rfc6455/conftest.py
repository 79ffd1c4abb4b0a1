"""Every case is tried on every endpoint, and leaves each of them in working order."""

from collections.abc import Iterator

import pytest

from tests.conftest import NewInstallation
from tests.rfc6455.endpoints import Endpoint, Served, our_server, plain_daphne, through_nginx
from tests.servers.requirements import required


@pytest.fixture(scope="package")
def served(
    new_installation: NewInstallation, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Served]:
    with our_server(new_installation(), tmp_path_factory.mktemp("certificate")) as served:
        yield served


@pytest.fixture(scope="package")
def serve(served: Served) -> Endpoint:
    return served.plain


@pytest.fixture(scope="package")
def tls(served: Served) -> Endpoint:
    return served.tls


@pytest.fixture(scope="package")
def daphne(new_installation: NewInstallation) -> Iterator[Endpoint]:
    with plain_daphne(new_installation()) as server:
        yield server


@pytest.fixture(scope="package")
def nginx(serve: Endpoint) -> Iterator[Endpoint]:
    with required(), through_nginx(serve) as proxied:
        yield proxied


@pytest.fixture(params=["serve", "tls", "daphne", "nginx"])
def endpoint(request: pytest.FixtureRequest) -> Iterator[Endpoint]:
    """One of the four; after the test another client must be served as if nothing had been."""
    server: Endpoint = request.getfixturevalue(request.param)
    yield server
    assert server.serves()
