"""What a page may ask of chat over its socket."""

from collections.abc import Callable, Iterable, Sequence
from typing import TypeVar

from django.core.exceptions import ObjectDoesNotExist

from chat import personal, queries, services
from chat.audience import ASKS_ABOVE, audience
from chat.mentions import Crowd
from chat.models import Message, Personal, Room
from chat.protocol import (
    AddMembers,
    ArchiveRoom,
    Audience,
    Card,
    Changed,
    EditMessage,
    Favourite,
    FindPeople,
    InvitePeople,
    MessageDraft,
    MuteRoom,
    Nothing,
    NotifyOfRoom,
    OneMember,
    OneMessage,
    OnePerson,
    OrderRooms,
    People,
    Person,
    Posted,
    PostMessage,
    Read,
    ReadUntil,
    Reasons,
    SetRole,
    Source,
    Typing,
    UpdateRoom,
)
from chat.why import reasons_for_oneself
from realtime_project.live.batcher import Batcher
from realtime_project.live.bucket import Limit
from realtime_project.live.changes import Change
from realtime_project.live.command import command
from realtime_project.live.cursor import Want
from realtime_project.live.database import write_in_database
from realtime_project.live.protocol import Args
from realtime_project.live.topics import Access, Heads, Params, State, StreamTopic

T = TypeVar("T")

POSTS = Limit(rate=5, burst=15)
CHANGES = Limit(rate=2, burst=20)
TYPING = Limit(rate=1 / 3, burst=2)


async def _store(room: int, posts: Sequence[services.Post]) -> Sequence[services.Outcome]:
    return await write_in_database(f"room:{room}", services.post_messages, room=room, posts=posts)


# What is said in a room while its last posts are being stored is stored with the next ones.
_posts = Batcher[int, services.Post, Message](_store)


class RoomConsumer(StreamTopic):
    """One room, as one person sees it."""

    kind = Room.kind
    max_per_socket = 8

    @classmethod
    def key_for(cls, person: int, params: Params) -> str:
        return f"room:{params['room']}"

    authorise_many = staticmethod(queries.room_access)
    changes_many = staticmethod(queries.room_changes)
    heads_many = staticmethod(queries.room_heads)

    @classmethod
    def state(cls, person: int, params: Params) -> State:
        return queries.room_state(person, params["room"])

    @command("message.post", limit=POSTS)
    async def post(self, args: PostMessage) -> Posted:
        here = self._present(args.text)
        post = services.Post(self.person, args.client_id, args.text, args.confirmed, here)
        message = await _posts.add(self.params["room"], post)
        return Posted(id=message.pk, seq=message.seq, rev=message.rev)

    @command("message.audience", limit=POSTS)
    async def audience(self, args: MessageDraft) -> Audience:
        room, here = self.params["room"], self._present(args.text)
        people = await self.call(audience, person=self.person, room=room, text=args.text, here=here)
        return Audience(people, ask=people > ASKS_ABOVE)

    @command("message.edit", limit=POSTS)
    async def edit(self, args: EditMessage) -> Changed:
        message = await self.act(services.edit_message, args)
        return Changed(rev=message.rev)

    @command("message.delete", limit=POSTS)
    async def delete(self, args: OneMessage) -> Changed:
        message = await self.act(services.delete_message, args)
        return Changed(rev=message.rev)

    @command("message.source")
    async def source(self, args: OneMessage) -> Source:
        room, message = self.params["room"], args.message
        return Source(await self.call(queries.message_source, self.person, room, message))

    @command("message.why")
    async def why(self, args: OneMessage) -> Reasons:
        room: int = self.params["room"]
        return await self.call(reasons_for_oneself, self.person, room, args.message)

    @command("room.read")
    async def read(self, args: ReadUntil) -> Read:
        # Of the person's own stream: the room's others read on meanwhile.
        key, room = f"me:{self.person}", self.params["room"]
        membership = await write_in_database(
            key, services.mark_read, person=self.person, room=room, seq=args.seq
        )
        return Read(read_seq=membership.read_seq)

    @command("room.update", limit=CHANGES)
    async def update(self, args: UpdateRoom) -> Changed:
        room = await self.act(services.update_room, args)
        return Changed(rev=room.rev)

    @command("room.archive", limit=CHANGES)
    async def archive(self, args: ArchiveRoom) -> Changed:
        room = await self.act(services.archive_room, args)
        return Changed(rev=room.rev)

    @command("member.find")
    async def find_people(self, args: FindPeople) -> People:
        room: int = self.params["room"]
        return await self.call(
            queries.people_to_add, person=self.person, room=room, **args.fields()
        )

    @command("member.add", limit=CHANGES)
    async def add_members(self, args: AddMembers) -> People:
        added = await self.act(services.add_members, args)
        return People([Person.of(one.person) for one in added])

    @command("member.invite", limit=CHANGES)
    async def invite(self, args: InvitePeople) -> People:
        invited = await self.act(services.invite, args)
        return People([Person.of(one) for one in invited])

    @command("member.role", limit=CHANGES)
    async def set_role(self, args: SetRole) -> Changed:
        membership = await self.act(services.set_role, args)
        return Changed(rev=membership.rev)

    @command("member.remove", limit=CHANGES)
    async def remove_member(self, args: OneMember) -> Changed:
        membership = await self.act(services.remove_member, args)
        return Changed(rev=membership.rev)

    @command("typing", limit=TYPING)
    async def typing(self, args: Nothing) -> None:
        name = await self.call(queries.name_of, self.person)
        self.tell_event("typing", Typing(person=self.person, name=name))

    def _present(self, text: str) -> frozenset[int]:
        """Who is present, for a text that may mention them."""
        if f"@{Crowd.HERE}" not in text.lower():
            return frozenset()
        return self.connection.hub.people.presence.active_in(self.key)

    async def act(self, service: Callable[..., T], args: Args) -> T:
        """Have the person do something in this room, with what the page sent."""
        room: int = self.params["room"]
        return await self.write(service, person=self.person, room=room, **args.fields())


class PersonConsumer(StreamTopic):
    """`me`: the rooms of the person who is connected, and how far they have read."""

    kind = Personal.kind

    @classmethod
    def key_for(cls, person: int, params: Params) -> str:
        return f"me:{person}"

    @classmethod
    def authorise_many(cls, person: int, keys: Iterable[str]) -> dict[str, Access]:
        try:
            access = personal.access(person)
        except ObjectDoesNotExist:
            services.welcome(person)
            access = personal.access(person)
        return dict.fromkeys(keys, access)

    @classmethod
    def changes_many(cls, wants: Sequence[Want]) -> dict[Want, Change]:
        return personal.changes(wants)

    @classmethod
    def heads_many(cls, keys: Iterable[str]) -> Heads:
        return personal.revs(keys)

    @classmethod
    def state(cls, person: int, params: Params) -> State:
        services.welcome(person)
        return personal.state(person)

    @command("room.favourite", limit=CHANGES)
    async def favourite(self, args: Favourite) -> None:
        await self.write(services.set_favourite, person=self.person, **args.fields())

    @command("room.notify", limit=CHANGES)
    async def notify(self, args: NotifyOfRoom) -> None:
        await self.write(services.set_notify, person=self.person, **args.fields())

    @command("room.mute", limit=CHANGES)
    async def mute(self, args: MuteRoom) -> None:
        await self.write(services.mute_room, person=self.person, **args.fields())

    @command("rooms.order", limit=CHANGES)
    async def order(self, args: OrderRooms) -> None:
        await self.write(services.order_rooms, person=self.person, rooms=args.rooms)

    @command("rooms.read", limit=CHANGES)
    async def read_all(self, args: Nothing) -> None:
        await self.write(services.mark_all_read, person=self.person)

    @command("person.card")
    async def card(self, args: OnePerson) -> Card:
        return await self.call(queries.card, self.person, args.person)
