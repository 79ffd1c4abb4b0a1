"""What a page asks about push in its own browser, and the two files that are the same for all."""

from typing import Annotated

import msgspec
from allauth.core import ratelimit
from django.conf import settings
from django.contrib import messages
from django.contrib.staticfiles import finders
from django.core.exceptions import ObjectDoesNotExist, ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.templatetags.static import static
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST, require_safe

from notifications.push import services
from notifications.push.models import Subscription
from realtime_project.accounts.views.people import PersonalView
from realtime_project.live.codes import ErrorCode, LiveError
from realtime_project.live.protocol import translate
from realtime_project.live.responses import json, nobody_is_signed_in, refusal

WORKER = "push/worker.js"


class Keys(msgspec.Struct, frozen=True):
    p256dh: Annotated[str, msgspec.Meta(max_length=100)]
    auth: Annotated[str, msgspec.Meta(max_length=40)]


class Offered(msgspec.Struct, frozen=True):
    """A subscription, as browsers write them down."""

    endpoint: Annotated[str, msgspec.Meta(max_length=1_000)]
    keys: Keys


_offered = msgspec.json.Decoder(Offered)


@never_cache
@require_POST
def devices(request: HttpRequest) -> HttpResponse:
    """Reach whoever is signed in by this browser from now on."""
    if not request.user.is_authenticated:
        return nobody_is_signed_in()
    try:
        offered = _offered.decode(request.body)
        subscription = services.subscribe(
            person=request.user,
            session_key=request.session.session_key or "",
            endpoint=offered.endpoint,
            public_key=offered.keys.p256dh,
            auth=offered.keys.auth,
        )
    except (msgspec.MsgspecError, UnicodeError) as error:
        return refusal(LiveError(ErrorCode.BAD_REQUEST, f"Not understood: {error}"))
    except (ValidationError, ObjectDoesNotExist) as error:
        return refusal(translate(error) or LiveError(ErrorCode.INVALID))
    return json({"id": subscription.pk}, status=201)


@never_cache
@require_GET
def device(request: HttpRequest, device: int) -> HttpResponse:
    """Say what has become of the last push to one of somebody's browsers."""
    if not request.user.is_authenticated:
        return nobody_is_signed_in()
    found = Subscription.objects.filter(pk=device, person=request.user.pk).first()
    if found is None:
        # A push service that says that a browser is gone has had it deleted.
        return json({"there": False, "told": False, "error": ""})
    return json({"there": True, "told": found.told is not None, "error": found.error})


@never_cache
@require_POST
def test(request: HttpRequest, device: int) -> HttpResponse:
    """Send a test to one of somebody's browsers."""
    if not request.user.is_authenticated:
        return nobody_is_signed_in()
    if not ratelimit.consume(request, action="push_test", user=request.user):
        detail = _("That was too often. Wait a minute.")
        return refusal(LiveError(ErrorCode.TOO_FAST, detail, retry_after=60))
    try:
        services.ask_for_test(person=request.user, subscription=device)
    except ObjectDoesNotExist as error:
        return refusal(translate(error) or LiveError(ErrorCode.NOT_FOUND))
    return json({}, status=202)


class RemoveView(PersonalView):
    """Reach somebody no more in one of their browsers."""

    http_method_names = ["post"]

    def post(self, request: HttpRequest, device: int) -> HttpResponse:
        try:
            services.unsubscribe(person=self.person, subscription=device)
        except ObjectDoesNotExist as error:
            raise Http404 from error
        messages.success(request, _("No notifications go there any more."))
        return redirect("notifications")


@require_safe
def worker(request: HttpRequest) -> HttpResponse:
    """The service worker. It stands at the root, for it serves all pages, under a name that stays:
    browsers ask for it anew, and are told the newest one."""
    path = finders.find(WORKER)
    if not isinstance(path, str):
        raise Http404
    with open(path, "rb") as file:
        answer = HttpResponse(file.read(), content_type="text/javascript; charset=utf-8")
    answer["Cache-Control"] = "no-cache"
    return answer


@require_safe
def manifest(request: HttpRequest) -> HttpResponse:
    """What a phone has to know in order to put this on its home screen."""
    icons = [
        {"src": static(f"push/icon-{size}.png"), "sizes": f"{size}x{size}", "type": "image/png"}
        for size in (192, 512)
    ]
    answer = json(
        {
            "name": settings.SITE_NAME,
            "short_name": settings.SITE_NAME[:12],
            "id": "/",
            "start_url": "/",
            "scope": "/",
            "display": "standalone",
            "background_color": "#f6f7f9",
            "theme_color": "#2a59d8",
            "icons": [*icons, icons[-1] | {"purpose": "maskable"}],
        }
    )
    answer["Content-Type"] = "application/manifest+json"
    answer["Cache-Control"] = "max-age=3600"
    return answer
