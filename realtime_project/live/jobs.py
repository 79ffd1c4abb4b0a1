"""The kernel's own jobs: it forgets what nobody can ask for any more."""

from datetime import timedelta

from django.core.cache import caches

from realtime_project.live import revocation, seeing
from realtime_project.live.cache import DatabaseCache
from realtime_project.live.queue import job

REVOCATIONS_KEPT = timedelta(days=30)


@job(every="hour")
def forget_old_revocations() -> None:
    """Forget revocations after 30 days; no socket lives longer than one."""
    revocation.forget(REVOCATIONS_KEPT)


@job(every="hour")
def forget_old_sights() -> None:
    """Forget what was seen on workers that are gone."""
    seeing.forget_old()


@job(every="hour")
def empty_cache() -> None:
    """Delete what has expired in the cache."""
    for cache in caches.all(initialized_only=False):
        if isinstance(cache, DatabaseCache):
            cache.delete_expired()
