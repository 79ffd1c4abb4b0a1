"""The cache in the database."""

from django.core.cache.backends import db
from django.db import connections, router
from django.utils import timezone


class DatabaseCache(db.DatabaseCache):
    """Django's, which deletes what has expired only when it is full."""

    def delete_expired(self) -> None:
        """Delete what has expired, however much room there is."""
        connection = connections[router.db_for_write(self.cache_model_class)]
        table = connection.ops.quote_name(self.cache_model_class._meta.db_table)
        now = connection.ops.adapt_datetimefield_value(timezone.now().replace(microsecond=0))
        with connection.cursor() as cursor:
            cursor.execute(f"DELETE FROM {table} WHERE expires < %s", [now])  # noqa: S608 (ours)
