"""What tokens may be good for. An app declares its scopes in its `scopes.py`."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

from django.utils.functional import Promise
from django.utils.module_loading import autodiscover_modules
from django.utils.translation import gettext_lazy

Words = str | Promise


@dataclass(frozen=True)
class Scope:
    """One thing that a token may be good for."""

    name: str
    label: Words
    is_offered: bool = True
    """Whether people may choose it for a token of their own."""


_scopes: dict[str, Scope] = {}


def register(scope: Scope) -> Scope:
    """Declare a scope; the last one of a name counts."""
    _scopes[scope.name] = scope
    return scope


def scopes() -> Mapping[str, Scope]:
    """Return every scope by its name."""
    _import_all()
    return _scopes


def labels(names: str) -> list[Words]:
    """Return what scopes are called, which are named with spaces in between. One whose app is not
    installed any more goes by its name."""
    known = scopes()
    return [known[name].label if name in known else name for name in names.split()]


@cache
def _import_all() -> None:
    autodiscover_modules("scopes")


READ = register(Scope("read", gettext_lazy("Read what I can see, as it happens")))
