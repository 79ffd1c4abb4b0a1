"""Letters to people, where the installation sends any."""

from collections.abc import Mapping
from typing import Any

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.template.loader import render_to_string

NOWHERE = ("console", "dummy")


def goes_out() -> bool:
    """Return whether letters reach anybody: by default they are printed to the terminal."""
    module: str = settings.EMAIL_BACKEND.rpartition(".")[0]
    return not module.endswith(NOWHERE)


def send(letter: str, to: str, **context: Any) -> None:
    """Send a letter of `templates/accounts/mail/`, whose first line is its subject. Raises what
    the way out raises: an OSError where there is none."""
    context["site_name"] = settings.SITE_NAME
    text = render_to_string(f"accounts/mail/{letter}.txt", context).strip()
    subject, _line, body = text.partition("\n")
    compose(to=to, subject=subject, text=body).send()


def compose(
    *, to: str, subject: str, text: str, html: str = "", headers: Mapping[str, str] | None = None
) -> EmailMultiAlternatives:
    """Return a letter that can be sent. Every letter of the installation is made here."""
    # What somebody wrote may stand in a subject, which is one line.
    one_line = " ".join(subject.split())
    letter = EmailMultiAlternatives(
        one_line, text.strip() + "\n", None, [to], headers=dict(headers or {})
    )
    if html:
        letter.attach_alternative(html.strip() + "\n", "text/html")
    return letter
