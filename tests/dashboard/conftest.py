import pytest

from dashboard.storage import registry


@pytest.fixture(autouse=True)
def no_series_are_known():
    """Another test's database had other numbers for them."""
    registry.forget()
    yield
    registry.forget()
