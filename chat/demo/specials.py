"""What the made-up team says at length: code, lists, tables, quotes, links, long texts."""

SPECIALS = (
    """This is the smallest thing that shows it:

```python
def unread(room, membership):
    # A difference of two stored numbers cannot drift.
    return max(0, room.number - membership.read_number)
```

With an empty room it is `0`, as it should be.""",
    """```sql
SELECT room_id, count(*) AS said
FROM chat_message
WHERE created > now() - interval '7 days'
GROUP BY room_id
ORDER BY said DESC
LIMIT 10;
```""",
    """```js
const painted = document.hidden ? setTimeout : requestAnimationFrame;
painted(() => setTimeout(goLive));
```
Two frames later, so that what can be read is there first.""",
    """```
$ make test
============ 412 passed in 61.03s ============
$ git push
Everything up-to-date
```
I forgot to commit, of course.""",
    """```diff
- timeout = 30
+ timeout = 10
```
One line, three hours.""",
    """What is left for this week:

1. Write the announcement
2. Ask *everybody* whether the date is all right
3. Order the cake
   - one without nuts
   - one with **only** nuts
4. ~~Panic~~""",
    """Minutes:

- The new colours stay, the old icons go
- Nobody wants the sound
- Oskar asks the landlord about the roof
- Next time: **Thursday**, same place""",
    """| day | in the morning | at night |
| --- | --- | --- |
| Monday | Claire | Kenji |
| Tuesday | Omar | Amara |
| Wednesday | Greta | Mateo |""",
    """> Can I change the name of a room later?

Yes. Everybody who has it open sees the new one at once, and old links go on working.""",
    """> The page stays white when I come out of the tunnel.

I could reproduce it with the cable pulled:

> It only happens when the tab was asleep before.

Then it is a timer that nobody starts again.""",
    "The chapter on connections is worth reading: https://www.rfc-editor.org/rfc/rfc6455#section-7",
    "Everything about the words we use stands in [the handbook](https://handbook.example.org/words), "
    "and what is missing goes to [this form](https://forms.example.org/words?lang=en&new=yes).",
    "https://status.example.org/history/a-page-with-quite-a-long-address/that-has-to-be-broken-somewhere/"
    "because-no-screen-is-wide-enough-for-it?and=it&does=not&end=there",
    "🎂🎂🎂",
    "🚲 → 🚆 → 🚶 → ☕",
    "👩‍🔬 finds it, 👨‍🚒 puts it out, 👩🏽‍⚖️ decides whose it was",
    """I thought about the outage on the train, and I believe we looked at the wrong end of it.

The queue was full, and that is what we saw, because it is what the graph shows. But a queue is never the \
cause of anything: it is full because somebody stopped taking things out. So I went through the log from \
the other side, backwards from the moment at which the last item was taken. Eleven seconds before it there \
is a line that none of us had read, since it is not an error: the worker asked for a lock, and got it, and \
never said that it gave it back.

**What I would do**

1. Say in the log when a lock is given back, not only when it is taken.
2. Give every lock an end. Ten seconds is long enough for anything we do under one.
3. Let the graph show the age of the oldest item instead of the number of items. A hundred items that are \
a second old are a good day. One item that is an hour old is an outage.

**What I would not do**

Make the queue longer. It would have hidden this for another twenty minutes, and then there would have \
been twenty minutes more to catch up with.

I am happy to write the second one today. For the third I need somebody who knows where the graphs come \
from; that is knowledge which seems to have left with the person who sat by the window.""",
    "A very long word for the layout: " + "Rindfleischetikettierungsüberwachungsaufgabenübertragungsgesetz" * 2,
    "From right to left and back: the room is called `עמק`, its owner writes **ليلى**, and the number is 42.",
    "Half-width ｶﾀｶﾅ, full-width ＡＢＣ, a ﷽ that is wide, Z̷a̷l̷g̷o̷, and an e\u0301 in two pieces.",
)  # fmt: skip

LINES = {
    "file": (
        "settings.py", "timeline.js", "rail.css", "urls.py", "0007_rooms.py", "Makefile", "hub.py",
        "outbox.js", "README.md", "nginx.conf", "tokens.css", "test_rooms.py",
    ),
    "place": ("Atlas", "Baobab", "Calypso", "Delta", "Eiger", "Fjord", "Gobi"),
}  # fmt: skip
