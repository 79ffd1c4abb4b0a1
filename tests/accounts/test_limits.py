"""What is counted against those who guess passwords is not forgotten."""

import pytest
from django.core.cache import cache
from django.core.management import call_command

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def counts():
    call_command("createcachetable", verbosity=0)
    cache.clear()
    yield
    cache.clear()


def test_a_crowd_of_attempts_does_not_make_an_earlier_count_forgotten():
    for number in range(400):
        cache.set(f"attempts-{number}", 5, timeout=3600)

    assert all(cache.get(f"attempts-{number}") == 5 for number in range(400))
