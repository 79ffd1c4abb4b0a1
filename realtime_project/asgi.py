"""The ASGI application: HTTP by Django, WebSockets by the live consumer.

Loading it takes hold of the installation, so that a second server on the same folder is refused
whichever way it is started: `manage.py serve`, `manage.py runserver` or plain `daphne`.
"""

import os
import sys

from channels.routing import ProtocolTypeRouter
from django.core.asgi import get_asgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "realtime_project.settings")
http = get_asgi_application()

from django.conf import settings  # noqa: E402 (Django must be set up first)

from dashboard.ingest.asgi import with_ingest  # noqa: E402
from realtime_project.live import single  # noqa: E402
from realtime_project.live.exposition import with_metrics  # noqa: E402
from realtime_project.live.files import with_static_files  # noqa: E402
from realtime_project.live.one_way import with_streams  # noqa: E402
from realtime_project.live.residents import with_residents  # noqa: E402
from realtime_project.live.traffic import counted_requests  # noqa: E402
from realtime_project.live.worker import worker  # noqa: E402
from realtime_project.routing import streams, websockets  # noqa: E402

try:
    single.hold_unless_shared(settings.VAR / "worker.lock")
except single.AlreadyRunning as error:
    sys.exit(str(error))

pages = with_static_files(with_streams(http, streams))
application = with_residents(
    ProtocolTypeRouter(
        {
            "http": with_metrics(counted_requests(with_ingest(pages))),
            "websocket": websockets,
        }
    ),
    worker.start,
)
