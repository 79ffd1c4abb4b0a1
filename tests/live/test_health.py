"""A proxy knows which workers to send people to."""

import pytest
from django.db import DatabaseError, connection
from django.test import Client

from realtime_project.live.worker import worker


@pytest.mark.django_db
def test_a_worker_that_serves_is_alive_and_ready():
    assert Client().get("/healthz").status_code == 200
    assert Client().get("/readyz").status_code == 200


@pytest.mark.django_db
def test_a_worker_that_goes_away_is_alive_but_not_ready(monkeypatch):
    monkeypatch.setattr(worker, "is_draining", True)

    assert Client().get("/healthz").status_code == 200
    answer = Client().get("/readyz")
    assert (answer.status_code, answer.content) == (503, b"draining\n")


@pytest.mark.django_db
def test_without_its_database_a_worker_is_alive_but_not_ready(monkeypatch):
    def refuse(*_: object) -> None:
        raise DatabaseError("the server is starting up")

    monkeypatch.setattr(connection, "cursor", refuse)

    assert Client().get("/healthz").status_code == 200
    assert Client().get("/readyz").status_code == 503
