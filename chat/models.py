"""Rooms, who is in them, and what was said."""

from typing import ClassVar, Self

from django.conf import settings
from django.db import models
from django.db.models.functions import Lower
from django.dispatch import Signal
from django.utils.translation import gettext_lazy as _

from notifications.decision import Level
from realtime_project.live.streams import Stream, StreamRow

MAX_TEXT_CHARACTERS = 10_000
# Sent with `person` and `room` within the transaction by which somebody is in a room no more: what
# they saw elsewhere because of it ends with it.
room_left = Signal()


class Personal(Stream):
    """A person's own stream, `me`: the rooms they are in and how far they have read."""

    kind = "me"
    # After rooms: a post into a room that somebody locks would hold up its author everywhere.
    lock_order = 1

    person = models.OneToOneField(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, primary_key=True, related_name="+"
    )


class RoomQuerySet(models.QuerySet["Room"]):
    def open(self) -> Self:
        """Rooms in which something can be said."""
        return self.filter(archived=None)

    def public(self) -> Self:
        """Rooms that everybody may find and join."""
        return self.filter(is_private=False)

    def visible_to(self, person: int) -> Self:
        """Rooms whose messages this person may read now."""
        joined = Membership.objects.active().filter(person_id=person)
        return self.filter(pk__in=joined.values("room_id"))


class Room(Stream):
    """A place where messages are said in one order."""

    kind = "room"
    counters: ClassVar[frozenset[str]] = frozenset({"number"})

    name = models.CharField(_("name"), max_length=60)
    topic = models.CharField(_("topic"), max_length=200, blank=True)
    is_private = models.BooleanField(_("private"), default=False)
    is_history_open = models.BooleanField(
        _("newcomers see what was said before"),
        default=True,
        help_text=_("Without it a newcomer reads from the moment of joining on."),
    )
    is_default = models.BooleanField(
        _("everybody joins"), default=False, help_text=_("Whoever is new is in it from the start.")
    )
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    created = models.DateTimeField(auto_now_add=True)
    # Since when nothing can be added any more.
    archived = models.DateTimeField(_("archived"), null=True, editable=False)
    # How many messages were ever posted here; unread counts are differences of it.
    number = models.BigIntegerField(default=0, editable=False)
    # The rev at which the room's own facts (name, topic) last changed.
    changed_rev = models.BigIntegerField(default=0, editable=False)

    objects = RoomQuerySet.as_manager()

    class Meta:
        ordering = [Lower("name")]
        constraints = [
            models.UniqueConstraint(
                Lower("name"),
                condition=models.Q(is_private=False),
                name="public_room_name",
                violation_error_message=_("There is already a public room with this name."),
            )
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def is_archived(self) -> bool:
        return self.archived is not None


class Role(models.TextChoices):
    OWNER = "owner", _("Owner")
    MODERATOR = "moderator", _("Moderator")
    MEMBER = "member", _("Member")


class Notify(models.TextChoices):
    """Of what in a room somebody wants to be told."""

    ALL = Level.ALL.value, _("All messages")
    MENTIONS = Level.MENTIONS.value, _("Mentions")
    NOTHING = Level.NOTHING.value, _("Nothing")


class MembershipQuerySet(models.QuerySet["Membership"]):
    def active(self) -> Self:
        """Memberships of people who are in the room now."""
        return self.filter(is_active=True)

    def of(self, person: int, room: int) -> "Membership":
        """The membership of a person who is in a room now, with both of them.

        Raises DoesNotExist alike for a room that is not there and for one they are not in.
        """
        return self.active().select_related("room", "person").get(person_id=person, room_id=room)


class Membership(StreamRow):
    """A person in a room. It stays when they leave: streams lose no rows, and messages keep
    somebody who said them.

    It belongs to two streams. `rev` is the room's, of role and presence in the room;
    `personal_rev` is the person's own, of these and of the read marker.
    """

    room = models.ForeignKey(Room, on_delete=models.PROTECT, related_name="memberships")
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="memberships"
    )
    role = models.CharField(max_length=9, choices=Role, default=Role.MEMBER)
    is_active = models.BooleanField(default=True)
    since_seq = models.BigIntegerField(default=0)
    personal_rev = models.BigIntegerField(editable=False)
    read_seq = models.BigIntegerField(default=0)
    read_number = models.BigIntegerField(default=0)
    is_favourite = models.BooleanField(default=False)
    # Its place in the person's rail; without one it stands behind those that have, by name.
    position = models.PositiveIntegerField(null=True)
    # How much of it reaches them by notifications, and until when nothing does but in the inbox.
    notify = models.CharField(max_length=8, choices=Notify, default=Notify.MENTIONS)
    muted_until = models.DateTimeField(null=True)
    joined = models.DateTimeField(auto_now_add=True)

    objects = MembershipQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["room", "person"], name="one_membership_a_room")
        ]
        indexes = [
            models.Index(fields=["room", "rev"]),
            models.Index(fields=["person", "personal_rev"]),
            models.Index(fields=["room"], condition=models.Q(notify="all"), name="wants_all"),
        ]

    def __str__(self) -> str:
        return f"{self.person} in {self.room}"

    @property
    def may_manage(self) -> bool:
        """Whether this member may rename the room, archive it, or say what it is for."""
        return self.is_active and self.role in (Role.OWNER, Role.MODERATOR)

    @property
    def may_appoint(self) -> bool:
        """Whether this member may say who else owns or moderates the room."""
        return self.is_active and self.role == Role.OWNER

    def may_remove(self, other: "Membership") -> bool:
        """Whether this member may put another one out of the room."""
        if self.pk == other.pk:
            return False
        return self.may_appoint or (self.may_manage and other.role == Role.MEMBER)


class MessageQuerySet(models.QuerySet["Message"]):
    def visible_to(self, person: int) -> Self:
        """Messages that this person may read now: of their rooms, since they may."""
        memberships = Membership.objects.active().filter(
            person_id=person,
            room_id=models.OuterRef("room_id"),
            since_seq__lte=models.OuterRef("seq"),
        )
        return self.filter(models.Exists(memberships))


class Message(StreamRow):
    """Something said. `seq`, the room's rev when it was said, is its place for ever: sort key,
    permalink and read marker. A deleted message stays as a tombstone without text."""

    room = models.ForeignKey(Room, on_delete=models.PROTECT, related_name="messages")
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="messages"
    )
    # Made by the client: the same one again is the same message, however often it was sent.
    client_id = models.UUIDField()
    seq = models.BigIntegerField(editable=False)
    number = models.BigIntegerField(editable=False)
    text = models.TextField(blank=True)
    html = models.TextField(blank=True)
    # How it came, where not by its author's own hand: `api`. The database fills it in as well, for
    # workers of the version before that store messages during an upgrade.
    via = models.CharField(max_length=12, blank=True, default="", db_default="", editable=False)
    created = models.DateTimeField()
    edited = models.DateTimeField(null=True)
    deleted = models.DateTimeField(null=True)

    objects = MessageQuerySet.as_manager()

    class Meta:
        ordering = ["seq"]
        constraints = [
            models.UniqueConstraint(fields=["author", "client_id"], name="one_message_a_client_id"),
            models.UniqueConstraint(fields=["room", "seq"], name="one_message_a_seq"),
        ]
        indexes = [models.Index(fields=["room", "rev"])]

    def __str__(self) -> str:
        return f"{self.room} @{self.seq}"
