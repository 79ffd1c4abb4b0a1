"""What a client may send: anything else is refused, and nothing at all upsets the server."""

import json
from contextlib import suppress
from typing import Annotated

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from realtime_project.live.codes import ErrorCode, LiveError
from realtime_project.live.protocol import (
    MAX_TOPICS,
    Args,
    ClientFrame,
    Id,
    Text,
    decode_args,
    decode_frame,
    decode_subscribe,
    decode_unsubscribe,
)

DEEP = 100_000
json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=8,
)


class Post(Args, frozen=True):
    """A command's arguments."""

    text: Annotated[Text, msgspec.Meta(max_length=10)]
    answers: Id | None = None


posts = msgspec.json.Decoder(Post)


def test_a_command_is_read():
    frame = decode_frame(
        '{"id": 3, "do": "message.post", "topic": "room:7", "args": {"text":"Hi"}}'
    )

    assert (frame.id, frame.do, frame.topic) == (3, "message.post", "room:7")
    assert decode_args(posts, frame.args) == Post(text="Hi")


def test_the_answer_to_a_ping_is_an_empty_object():
    assert decode_frame("{}") == ClientFrame()


def test_a_resuming_client_names_its_cursors():
    frame = decode_frame(
        '{"do": "subscribe", "epoch": "k3f9", "topics": {"me": 410, "room:7": null}}'
    )

    assert frame.epoch == "k3f9"
    assert decode_subscribe(frame.topics) == {"me": 410, "room:7": None}


def test_text_of_every_language_passes():
    frame = decode_frame('{"do": "message.post", "args": {"text": "Grüße\\n👋🏽你"}}')

    assert decode_args(posts, frame.args).text == "Grüße\n👋🏽你"


@pytest.mark.parametrize(
    "text",
    [
        "",
        "hello",
        "null",
        "[]",
        '"{}"',
        "{} {}",
        "{'do': 1}",
        '{"do": "typing",}',
        '{"do": "typing"',
        '{"unheard": 1}',
        '{"do": "typing", "Topic": "me"}',
        '{"do": 7}',
        '{"do": ["typing"]}',
        '{"id": "3"}',
        '{"id": -1}',
        '{"id": 1.5}',
        '{"id": true}',
        '{"id": 9007199254740993}',
        '{"id": 1e400}',
        '{"topic": 7}',
        '{"topic": "' + "a" * 101 + '"}',
        '{"do": "' + "a" * 51 + '"}',
        '{"epoch": "' + "a" * 33 + '"}',
        '{"do": "\\ud800"}',
        '{"do": "\ud800"}',
        '{"do": "a\x00b"}',
        '{"args": ' + "[" * DEEP + "]" * DEEP + "}",
        '{"args": ' + "[" * DEEP,
        '{"topics": ' + '{"a":' * DEEP,
        "[" * DEEP,
    ],
)
def test_a_frame_that_is_not_understood_is_a_bad_request(text):
    assert_bad_request(decode_frame, text)


@pytest.mark.parametrize(
    "args",
    [
        "null",
        "[]",
        "{}",
        '{"text": null}',
        '{"text": 7}',
        '{"text": "Hi", "unheard": 1}',
        '{"text": "elevensigns"}',
        '{"text": "a\\u0000b"}',
        '{"text": "\\u0000"}',
        '{"text": "Hi\\n\\u0000"}',
        '{"text": "\\ud83d"}',
        '{"text": "\\udc4b\\ud83d"}',
        '{"text": "Hi", "answers": 0}',
        '{"text": "Hi", "answers": "7"}',
        '{"text": "Hi", "answers": 9007199254740993}',
    ],
)
def test_arguments_that_are_not_as_declared_are_a_bad_request(args):
    assert_bad_request(lambda: decode_args(posts, decode_frame(f'{{"args": {args}}}').args))


@pytest.mark.parametrize(
    "topics",
    [
        "null",
        "[]",
        "{}",
        '["me"]',
        '{"me": -1}',
        '{"me": 1.5}',
        '{"me": "410"}',
        '{"me": 9007199254740993}',
        '{"' + "a" * 101 + '": null}',
        json.dumps(dict.fromkeys(map(str, range(MAX_TOPICS + 1)))),
    ],
)
def test_cursors_that_cannot_be_are_a_bad_request(topics):
    assert_bad_request(decode_subscribe, decode_frame(f'{{"topics": {topics}}}').topics)


@pytest.mark.parametrize("topics", ["null", "[]", "{}", "[null]", '["' + "a" * 101 + '"]'])
def test_names_that_cannot_be_are_a_bad_request(topics):
    assert_bad_request(decode_unsubscribe, decode_frame(f'{{"topics": {topics}}}').topics)


@given(st.text())
def test_any_text_is_read_or_refused(text):
    read_or_refuse(text)


@given(st.dictionaries(st.sampled_from(["do", "id", "topic", "args", "topics"]), json_values))
def test_any_object_is_read_or_refused(value):
    read_or_refuse(json.dumps(value))


def read_or_refuse(text: str) -> None:
    # Any other exception than a refusal fails the test.
    with suppress(LiveError):
        frame = decode_frame(text)
        decode_args(posts, frame.args)
        decode_subscribe(frame.topics)


def assert_bad_request(decode, *given):
    with pytest.raises(LiveError) as refused:
        decode(*given)

    assert refused.value.code is ErrorCode.BAD_REQUEST
    assert len(refused.value.detail) < 300
