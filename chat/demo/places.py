"""The rooms of the demonstration."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import count, product


@dataclass(frozen=True)
class Place:
    """A room: how busy it is beside the others, how much of it the owner has not read, and who of
    the team is in it (a share; 1 for everybody)."""

    name: str
    topic: str = ""
    language: str = "en"
    weight: float = 1.0
    unread: int = 0
    share: float = 0.3
    is_private: bool = False
    is_archived: bool = False
    is_favourite: bool = False
    is_owner_in: bool = True


LONG_TOPIC = (
    "Everything about the move: dates, boxes, keys, who carries what, what may be thrown away, "
    "where the good coffee machine goes, and why the plants must not stand in the lift overnight"
)

FIRST = Place("general", "For everybody and everything", weight=4, unread=3, share=1)

PLACES = (
    Place("engineering", "What we build and why it broke", weight=9, unread=140, share=0.8, is_favourite=True),
    Place("releases", "What goes out, and when", weight=3, unread=1, share=0.6, is_favourite=True),
    Place("deploys", "Said by a machine, read by people", language="bot", weight=4, unread=12, share=0.6),
    Place("incident-2026-03", "Closed. The report is in the handbook", weight=1.5, is_archived=True),
    Place("design", "Screens, words, colours", weight=2, unread=7),
    Place("support", "What people write to us", weight=3, unread=26, share=0.5),
    Place("berlin", "Küche, Fahrräder, Feierabend", language="de", weight=2, unread=4),
    Place("paris", "Les nouvelles du quatrième étage", language="fr", weight=1.2),
    Place("bogotá", "Lo que pasa por aquí", language="es", weight=1.2, unread=2),
    Place("warszawa", "O wszystkim i o niczym", language="pl", weight=0.8),
    Place("київ", "Усе про наш офіс", language="uk", weight=0.8),
    Place("γραφείο-αθήνας", "Καφές στις εννιά", language="el", weight=0.8, unread=5),
    Place("عمّان", "أخبار المكتب", language="ar", weight=1, unread=1),
    Place("תל-אביב", "מה חדש במשרד", language="he", weight=1),
    Place("मुंबई", "दफ़्तर की बातें", language="hi", weight=0.8, unread=2),
    Place("東京オフィス", "お知らせと雑談", language="ja", weight=1.2, unread=9),
    Place("上海", "办公室的事", language="zh", weight=1, is_owner_in=False),
    Place("서울", "사무실 소식", language="ko", weight=0.8, unread=1),
    Place("moving-house", LONG_TOPIC, weight=0.8),
    Place("hiring", "Names stay in this room", weight=1.2, unread=2, share=0.15, is_private=True, is_favourite=True),
    Place("Ada & Jonas", weight=0.6, unread=1, share=0.01, is_private=True),
    Place("lunch", "Today?", language="mixed", weight=1.5, unread=18, share=0.7),
    Place("quiet-corner", "Nobody has said anything yet", weight=0, share=0.1),
    Place("chess", "Blitz at six", weight=0.6, is_owner_in=False),
)  # fmt: skip

_PARTS = (
    "api", "app", "atlas", "billing", "bridge", "canvas", "catalogue", "cellar", "console", "docs",
    "editor", "export", "forum", "gateway", "harbour", "import", "kernel", "kiosk", "ledger", "login",
    "mail", "mobile", "orchard", "payments", "pipeline", "portal", "queue", "reports", "scheduler",
    "search", "shop", "sketch", "storage", "studio", "sync", "tower", "vault", "video", "website", "wiki",
)  # fmt: skip
_SUBJECTS = (
    "alerts", "bugs", "customers", "data", "design", "events", "feedback", "infra", "launch", "legal",
    "metrics", "migration", "on-call", "partners", "planning", "pricing", "quality", "questions",
    "research", "reviews", "security", "standup", "team", "tests", "writing",
)  # fmt: skip
_LANGUAGES = (
    "en",
    "en",
    "en",
    "mixed",
    "de",
    "fr",
    "es",
    "pl",
    "uk",
    "el",
    "ar",
    "he",
    "hi",
    "ja",
    "zh",
    "ko",
)
_UNREAD = (0, 0, 0, 1, 0, 4, 0, 0, 11, 0, 2)


def places() -> Iterator[Place]:
    """Yield ever more rooms: those of the team, then others, of which every second has the owner."""
    yield from PLACES
    for round_number in count(1):
        suffix = "" if round_number == 1 else f"-{round_number}"
        for number, (subject, part) in enumerate(product(_SUBJECTS, _PARTS)):
            yield Place(
                f"{part}-{subject}{suffix}",
                f"{subject.capitalize()} of the {part} team" if number % 3 else "",
                language=_LANGUAGES[number % len(_LANGUAGES)],
                # Some rooms are busy, most are not.
                weight=4 / (1 + number % 89),
                unread=_UNREAD[number % len(_UNREAD)],
                share=0.004 + 0.05 / (1 + number % 7),
                is_private=number % 9 == 0,
                is_archived=number % 31 == 0,
                is_owner_in=number % 2 == 0,
            )
