"""What is pushed fits, whatever it says."""

import json
import re

from hypothesis import given
from hypothesis import strategies as st

from notifications.push.encryption import MAX_PLAIN
from notifications.push.payload import CUT, MAX_TITLE, Button, Payload, pack, topic

WORDS = st.text(st.characters(exclude_categories=["Cs"]), max_size=6_000)


@given(title=WORDS, body=WORDS, limit=st.sampled_from([MAX_PLAIN, 2_000, 1_000]))
def test_words_are_cut_until_they_fit_and_no_character_is_broken(title: str, body: str, limit: int):
    payload = Payload(title=title, tag="n7", body=body, url="/rooms/7/@118")

    packed = pack(payload, limit)

    assert len(packed) <= limit
    told = json.loads(packed)
    assert told["url"] == "/rooms/7/@118"
    for name, whole in (("title", title), ("body", body)):
        shown = told.get(name, "")
        assert shown == whole or whole.startswith(shown.removesuffix(CUT))
    assert len(told["title"]) <= MAX_TITLE + len(CUT)


@given(body=WORDS)
def test_nothing_is_cut_that_fits(body: str):
    payload = Payload(title="releases", tag="n7", body=body)

    shown = json.loads(pack(payload)).get("body", "")

    if shown != body:
        longer = body[: len(shown.removesuffix(CUT)) + 3] + CUT
        whole = json.dumps({"title": "releases", "tag": "n7", "body": longer}, ensure_ascii=False)
        assert len(whole.encode()) > MAX_PLAIN - 40


def test_a_face_that_is_made_of_several_signs_leaves_no_joiner_behind():
    body = "👩‍👩‍👧‍👦" * 1_000

    shown = json.loads(pack(Payload(title="x", tag="n7", body=body)))["body"]

    assert not shown.removesuffix(CUT).endswith(("\u200d", "\ufe0f"))


def test_buttons_give_way_to_words():
    buttons = [Button(f"a{n}", "x" * 300, "/y/") for n in range(20)]
    payload = Payload(title="releases", tag="n7", body="It is burning", actions=buttons)

    told = json.loads(pack(payload))

    assert told["body"] == "It is burning"
    assert "actions" not in told


def test_a_topic_is_the_same_for_a_notification_and_says_nothing():
    assert topic("n7") == topic("n7") != topic("n8")
    assert re.fullmatch(r"[A-Za-z0-9_-]{32}", topic("n7"))
