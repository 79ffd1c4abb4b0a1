"""Wanting no more letters, by the link at the end of one (RFC 8058)."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from notifications.mail.unsubscribing import person_of, switch_mail_off


# Whoever posts is a mail provider or nobody's session: the signed token is all that counts.
@csrf_exempt
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def unsubscribe(request: HttpRequest, token: str) -> HttpResponse:
    """Show a button, because robots open links; switch mail off when it is pressed."""
    person = person_of(token)
    if person is None:
        raise Http404("This link was not made here.")
    is_off = request.method == "POST"
    if is_off:
        switch_mail_off(person.pk)
    context = {"person": person, "is_off": is_off}
    return render(request, "notifications/mail_off.html", context)
