"""What a page may ask of its person's inbox, and of announcements."""

from collections.abc import Callable, Iterable

from django.core.exceptions import ObjectDoesNotExist

from notifications import queries, services
from notifications.badges import keep_badges
from notifications.models import Announcements, Inbox
from notifications.protocol import Changed, Counts, Items, Nothing, Snooze, Until
from realtime_project.live.bucket import Limit
from realtime_project.live.command import command
from realtime_project.live.feed import Feed
from realtime_project.live.hub import Hub
from realtime_project.live.protocol import Args
from realtime_project.live.subscription import Subscription
from realtime_project.live.topics import Access, Params, State, StreamTopic

CHANGES = Limit(rate=5, burst=30)


class InboxConsumer(StreamTopic):
    """`inbox`: what concerns the person who is connected."""

    kind = Inbox.kind

    @classmethod
    def key_for(cls, person: int, params: Params) -> str:
        return f"inbox:{person}"

    @classmethod
    def authorise_many(cls, person: int, keys: Iterable[str]) -> dict[str, Access]:
        try:
            access = queries.inbox_access(person)
        except ObjectDoesNotExist:
            services.open_inboxes([person])
            access = queries.inbox_access(person)
        return dict.fromkeys(keys, access)

    changes_many = staticmethod(queries.inbox_changes)
    heads_many = staticmethod(queries.inbox_revs)

    @classmethod
    def state(cls, person: int, params: Params) -> State:
        services.open_inboxes([person])
        return queries.inbox_state(person)

    @classmethod
    def join(cls, hub: Hub, key: str, subscription: Subscription) -> Feed:
        keep_badges(hub)
        return super().join(hub, key, subscription)

    @command("inbox.counts", limit=CHANGES)
    async def counts(self, args: Nothing) -> Counts:
        return (await self.call(queries.counts, [self.person]))[self.person]

    @command("inbox.seen", limit=CHANGES)
    async def seen(self, args: Until) -> Changed:
        return await self.act(services.mark_seen, args)

    @command("inbox.read_all", limit=CHANGES)
    async def read_all(self, args: Until) -> Changed:
        return await self.act(services.mark_all_read, args)

    @command("inbox.read", limit=CHANGES)
    async def read(self, args: Items) -> Changed:
        return await self.act(services.mark_read, args)

    @command("inbox.unread", limit=CHANGES)
    async def unread(self, args: Items) -> Changed:
        return await self.act(services.mark_unread, args)

    @command("inbox.archive", limit=CHANGES)
    async def archive(self, args: Items) -> Changed:
        return await self.act(services.archive, args)

    @command("inbox.snooze", limit=CHANGES)
    async def snooze(self, args: Snooze) -> Changed:
        return await self.act(services.snooze, args)

    @command("inbox.delete", limit=CHANGES)
    async def delete(self, args: Items) -> Changed:
        return await self.act(services.delete, args)

    @command("inbox.restore", limit=CHANGES)
    async def restore(self, args: Items) -> Changed:
        return await self.act(services.restore, args)

    async def act(self, service: Callable[..., Inbox], args: Args) -> Changed:
        """Have the person do something in their inbox, with what the page sent."""
        inbox = await self.write(service, person=self.person, **args.fields())
        return Changed(rev=inbox.rev)


class AnnouncementsConsumer(StreamTopic):
    """`announcements`: what is said to everybody."""

    kind = Announcements.kind

    @classmethod
    def key_for(cls, person: int, params: Params) -> str:
        return Announcements(pk=1).key

    @classmethod
    def authorise_many(cls, person: int, keys: Iterable[str]) -> dict[str, Access]:
        return dict.fromkeys(keys, queries.announcements_access())

    changes_many = staticmethod(queries.announcements_changes)
    heads_many = staticmethod(queries.announcements_revs)

    @classmethod
    def state(cls, person: int, params: Params) -> State:
        return queries.announcements_state()
