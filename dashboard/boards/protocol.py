"""What the topic of a board tells. Its frames go to everybody alike."""

import msgspec

Values = list[float | None]


class LaneName(msgspec.Struct, frozen=True, omit_defaults=True):
    """Which line of a panel a value belongs to."""

    label: str
    labels: dict[str, str]
    query: int
    bound: float | None = None


class LanesRow(msgspec.Struct, frozen=True, tag_field="kind", tag="lanes", omit_defaults=True):
    """The lanes of each panel, in the order of their values. They are only ever added to for as
    long as the order has the same name. Of panels of which nothing can be told, why."""

    id: int
    rev: int
    order: str
    panels: dict[str, list[LaneName]]
    blanks: dict[str, str] = {}


class SecondRow(msgspec.Struct, frozen=True, tag_field="kind", tag="second"):
    """What is known of one second, by panel: a value for each lane, fewer where the last ones
    have none. The same second may come again with more of it: it takes the older one's place.

    Who does not hold the order by which the values are told, or fewer lanes than values, cannot
    know what they are, and subscribes anew to be told.
    """

    id: int
    rev: int
    order: str
    panels: dict[str, Values]
