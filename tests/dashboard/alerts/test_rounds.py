"""The leader looks at what was measured, and alerts come of it."""

from datetime import UTC, datetime

import pytest

from chat import mentions
from chat.cards import card_in
from chat.models import Message, Room
from chat.services import archive_room
from dashboard.alerts import measures, retention, rounds, services, telling
from dashboard.alerts.rules import STEP_SECONDS
from dashboard.alerts.thresholds import Missing, Side, Threshold
from dashboard.models.alerts import Alert, Round
from dashboard.storage.points import spread
from realtime_project.accounts.models import User
from tests.dashboard.alerts.watching import BEGIN, Watch, make_rule, measure, series, states, told

pytestmark = pytest.mark.django_db(transaction=True)


def messages(room: Room) -> list[Message]:
    return list(room.messages.order_by("seq"))


def test_what_is_too_much_fires_and_what_is_over_is_resolved() -> None:
    make_rule()
    watch = Watch().sees(0.1)
    assert states() == []

    watch.sees(0.7)
    assert (states(), told()) == (["firing"], ["firing"])

    watch.sees(0.1)
    assert (states(), told()) == (["resolved"], ["firing", "resolved"])
    [firing, resolved] = Alert.objects.get().events.order_by("number")
    assert (firing.number, resolved.number, resolved.seconds) == (1, 2, 10.0)


def test_each_set_of_labels_is_an_alert_of_its_own() -> None:
    make_rule()
    watch = Watch()
    measure(watch.at + 5, 0.9, series(worker="web@1"))
    watch.sees(0.9)

    assert sorted(str(alert) for alert in Alert.objects.all()) == [
        "Loop lag (web@0)",
        "Loop lag (web@1)",
    ]


def test_an_alert_is_one_message_that_changes_where_it_stands(releases: Room, alice: User) -> None:
    make_rule(room=releases, severity="critical")
    watch = Watch().sees(0.1, 0.2, 0.7)
    [message] = messages(releases)
    card = card_in(message.html)

    assert card is not None
    assert message.author.is_bot
    assert (card["title"], card["tone"]) == ("Loop lag (web@0)", "bad")
    assert card["status"]["en"] == "Critical: firing"
    assert card["facts"][0]["words"]["en"] == "700 ms, limit above 500 ms"
    assert message.text.startswith("**Critical: firing** · 700 ms, limit above 500 ms · since ")
    assert [button["url"] for button in card["buttons"]] == [
        f"/boards/alerts/{Alert.objects.get().pk}/acknowledge"
    ]

    watch.sees(0.7, 0.1)
    [changed] = messages(releases)
    card = card_in(changed.html)
    assert card is not None
    assert (changed.pk, changed.seq, changed.edited) == (message.pk, message.seq, None)
    assert card["status"]["en"] == "Resolved after 20 s"
    assert "buttons" not in card


def test_what_senders_and_people_are_called_is_shown_and_calls_nobody(
    releases: Room, alice: User, bob: User
) -> None:
    alice.display_name = "**@room** [press](https://evil.example/)"
    alice.save()
    label = series(unit="@room", worker="@bob <b>")
    make_rule(room=releases, name="**@here**", severity="critical", about="@bob has the keys.")
    watch = Watch()
    measure(watch.at + 5, 0.9, label)
    watch.sees(None)
    [message] = messages(releases)
    card = card_in(message.html)

    assert card is not None
    assert card["title"] == "**@here** (@bob <b>)"
    assert card["facts"][0]["words"]["en"] == "0.9 @room, limit above 0.5 @room"
    said = message.html.partition('">')[2]
    assert "0.9 <code>@room</code>" in said
    assert mentions.read(message.text) == mentions.Mentions(frozenset({"bob"}))
    assert said.count('class="mention"') == 1

    services.acknowledge(person=alice, alert=Alert.objects.get().pk)
    [message] = messages(releases)
    card = card_in(message.html)
    assert card is not None
    assert card["status"]["en"] == f"Acknowledged by {alice.display_name}"
    said = message.html.partition('">')[2]
    assert f"Acknowledged by <code>{alice.display_name}</code>" in said
    assert 'href="https://evil' not in said
    assert mentions.read(message.text).crowd is None


def test_another_time_is_another_message(releases: Room) -> None:
    make_rule(room=releases)
    Watch().sees(0.7, 0.1, 0.8, 0.2)

    assert len(messages(releases)) == 2
    assert told() == ["firing", "resolved"] * 2


def test_a_second_leader_changes_nothing(releases: Room) -> None:
    make_rule(room=releases)
    watch = Watch()
    for value in (0.7, 0.7, 0.1, 0.8, 0.1):
        watch.passes(value)
        before = Round.objects.get(pk=1)
        rounds.look(watch.now)
        # The other one has read how far it was before, and looks at the same once more.
        first, resumed = rounds.where_to_begin(before, rounds.latest_step(watch.now))
        rounds.look_at(range(first, first + 1, STEP_SECONDS), resumed)

    assert told() == ["firing", "resolved", "firing", "resolved"]
    assert len(messages(releases)) == 2


def test_ten_minutes_around_a_threshold_are_one_alert_and_one_message_with_two_leaders_too(
    releases: Room,
) -> None:
    make_rule(room=releases, threshold=0.5, keep=60)
    watch = Watch()
    for number in range(60):
        watch.sees(0.505 if number % 2 == 0 else 0.495)
        # Another leader looks at the same step once more.
        rounds.look_at(range(watch.at, watch.at + 1, STEP_SECONDS), 0)
    assert told() == ["firing"]

    watch.sees(*[0.3] * 20)

    assert told() == ["firing", "resolved"]
    assert len(messages(releases)) == 1


def test_a_leader_that_died_in_the_middle_is_gone_on_from(releases: Room) -> None:
    make_rule(room=releases, name="First")
    make_rule(room=releases, name="Second")
    watch = Watch()
    watch.passes(0.7)
    died = pytest.MonkeyPatch()
    calls = []

    def dies(*args, **kwargs):
        calls.append(args)
        if len(calls) == 2:
            raise SystemExit
        return telling.tell(*args, **kwargs)

    died.setattr("dashboard.alerts.rounds.tell", dies)
    with pytest.raises(SystemExit):
        rounds.look(watch.now)
    died.undo()
    assert told() == ["firing"]

    rounds.look(watch.now)
    assert told() == ["firing", "firing"]
    assert len(messages(releases)) == 2


def test_what_happened_while_nobody_led_is_told_afterwards_and_in_its_order() -> None:
    make_rule(after=20)
    watch = Watch().sees(0.1)
    for value in (0.9, 0.9, 0.9, 0.1, 0.1):
        watch.passes(value)
    watch.sees(0.1)

    assert told() == ["firing", "resolved"]
    [firing, resolved] = Alert.objects.get().events.order_by("number")
    assert (resolved.at - firing.at).total_seconds() == 10


def test_hours_without_a_leader_make_no_alarm() -> None:
    make_rule(after=60)
    make_rule(name="Silent", watch="no_data", query={"metric": "lag"}, window=60)
    watch = Watch().sees(0.1, 0.9)
    watch.at += 7_200
    watch.sees(0.9)
    assert told() == []

    # What lasts is told, once somebody has seen it for long enough.
    watch.sees(*[0.9] * 6)
    assert told() == ["firing"]


def test_a_clock_that_was_set_back_stops_nothing() -> None:
    make_rule()
    watch = Watch().sees(0.1)
    watch.at -= 3_600
    watch.sees(0.1, 0.9)

    assert told() == ["firing"]


def test_a_gap_is_neither_an_alarm_nor_its_end() -> None:
    make_rule()
    watch = Watch().sees(0.9, None, None)
    assert states() == ["firing"]

    watch.sees(0.1)
    assert states() == ["resolved"]


def test_that_nothing_is_measured_is_an_alert_where_a_rule_says_so() -> None:
    make_rule(watch="no_data", query={"metric": "lag"}, window=30)
    watch = Watch().sees(*[0.1] * 10)
    assert told() == []

    watch.sees(None, None)
    assert told() == []
    watch.sees(None)
    assert told() == ["firing"]
    watch.sees(0.1)
    assert told() == ["firing", "resolved"]


def test_what_comes_late_ends_the_alarm_that_it_did_not_come() -> None:
    make_rule(watch="no_data", query={"metric": "lag"}, window=30)
    watch = Watch().sees(*[0.1] * 4, None, None, None)
    assert told() == ["firing"]

    measure(watch.at - 5, 0.1)
    watch.sees(None)
    assert told() == ["firing", "resolved"]


def test_one_of_several_that_falls_silent_is_missed() -> None:
    make_rule(watch="no_data", query={"metric": "lag", "by": ["worker"]}, window=20)
    watch, other = Watch(), series(worker="web@1")
    for _step in range(8):
        measure(watch.at + 5, 0.1, other)
        watch.sees(0.1)
    assert told() == []

    watch.sees(0.1, 0.1, 0.1)
    assert [alert.labels for alert in Alert.objects.on()] == [{"worker": "web@1"}]


def test_a_rate_and_a_percentile_are_read_as_panels_read_them() -> None:
    busy = make_rule(name="Busy", watch="rate", query={"metric": "posts"}, window=20, threshold=4)
    slow = make_rule(
        name="Slow", watch="percentile", query={"metric": "took", "q": 0.5}, window=20, threshold=1
    )
    posts = series("posts", kind="counter", unit="")
    took = series("took", kind="histogram")
    watch = Watch()
    measure(watch.at + 2, 50.0, posts)
    measure(watch.at + 2, spread([0.5, 0.5, 9.0], watch.at), took)
    watch.sees(0.1)
    assert (told(busy), told(slow)) == ([], [])

    measure(watch.at + 2, 50.0, posts)
    measure(watch.at + 2, spread([5.0, 5.0], watch.at), took)
    watch.sees(0.1)
    assert (told(busy), told(slow)) == (["firing"], ["firing"])
    assert Alert.objects.get(rule=busy).value == 5.0
    assert 4.7 < (Alert.objects.get(rule=slow).value or 0) < 5.3


def test_a_rule_that_is_turned_off_takes_back_what_it_said(releases: Room) -> None:
    rule = make_rule(room=releases)
    watch = Watch().sees(0.9)
    rule.is_on = False
    rule.save()
    watch.sees(0.9)

    assert told() == ["firing", "resolved"]
    assert "Resolved" in messages(releases)[0].text


def test_a_leader_that_was_stopped_takes_nothing_back_that_was_seen_since() -> None:
    rule = make_rule()
    watch = Watch().sees(0.9)
    # One that was stopped goes on with what it read: that the rule was turned off.
    rule.is_on = False
    rule.save()

    rounds.look_at(range(watch.at - STEP_SECONDS, watch.at, STEP_SECONDS), 0)
    assert states() == ["firing"]

    watch.sees(0.9)
    assert states() == ["resolved"]


def test_of_too_many_alerts_the_worst_are_made_and_what_is_one_goes_on(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(rounds, "MOST_ALERTS", 2)
    make_rule()
    watch = Watch()
    lags = {worker: series(worker=worker) for worker in "abcde"}

    def sees(**values: float) -> list[str]:
        for worker, value in values.items():
            measure(watch.at + 5, value, lags[worker])
        watch.sees(None)
        return sorted(one.labels["worker"] for one in Alert.objects.on())

    assert sees(a=0.6, b=0.9, c=0.1, d=0.7, e=0.55) == ["b", "d"]
    assert measures.left_out() == 2
    assert "{'Loop lag': 2}" in caplog.text

    assert sees(a=5.0, b=0.9, c=6.0, d=0.7, e=7.0) == ["b", "d"]
    assert measures.left_out() == 3

    assert sees(a=5.0, b=0.9, c=6.0, d=0.1, e=7.0) == ["b"]
    assert sees(a=5.0, b=0.9, c=6.0, d=0.1, e=7.0) == ["b", "e"]


def test_of_values_that_are_too_small_the_smallest_is_the_worst() -> None:
    above, below = Threshold(Side.ABOVE, 5), Threshold(Side.BELOW, 5, missing=Missing.ALERT)

    assert above.badness(9) > above.badness(7) > above.badness(None)
    assert below.badness(None) > below.badness(1) > below.badness(3)


def test_a_room_where_it_cannot_speak_does_not_keep_an_alert_from_being_one(
    alice: User, releases: Room
) -> None:
    make_rule(room=releases)
    archive_room(person=alice.pk, room=releases.pk, archived=True)
    Watch().sees(0.9)

    assert told() == ["firing"]
    assert Alert.objects.get().trouble


def test_what_happened_long_ago_is_forgotten_and_what_is_on_stays() -> None:
    make_rule()
    long_ago, recently = BEGIN, BEGIN + 420 * 86_400
    Watch(long_ago).sees(0.9, 0.1)
    watch = Watch(recently).sees(0.9)
    assert told() == ["firing", "resolved", "firing"]

    assert not retention.forget(datetime.fromtimestamp(watch.at, UTC))
    assert told() == ["firing"]
    assert states() == ["firing"]
