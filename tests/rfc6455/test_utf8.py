"""Texts are UTF-8, however they are cut; what is not ends the socket with 1007."""

import pytest

from tests.rfc6455.endpoints import Endpoint
from tests.rfc6455.raw import CONTINUATION, TEXT, command, frame

NAME = "κόσμε 👩‍🚀 \U0010ffff"
TEXT_BYTES = command(NAME)


def test_a_text_of_many_scripts_is_heard(endpoint: Endpoint):
    with endpoint.open() as socket:
        socket.send(frame(TEXT, TEXT_BYTES))
        assert socket.echo() == NAME


def test_a_text_may_be_cut_into_fragments_at_every_byte(endpoint: Endpoint):
    last = len(TEXT_BYTES) - 1
    with endpoint.open() as socket:
        for n in range(len(TEXT_BYTES)):
            part = TEXT_BYTES[n : n + 1]
            socket.send(frame(CONTINUATION if n else TEXT, part, fin=n == last))
        assert socket.echo() == NAME


def test_a_text_may_arrive_in_packets_of_one_byte(endpoint: Endpoint):
    sent = frame(TEXT, TEXT_BYTES)
    with endpoint.open() as socket:
        socket.send(*(sent[n : n + 1] for n in range(len(sent))))
        assert socket.echo() == NAME


WRONG = {
    "a lone continuation": b"\x80",
    "a byte that is in no character": b"\xff",
    "the same at the end": b"ok\xfe",
    "overlong, two bytes": b"\xc0\xaf",
    "overlong, three bytes": b"\xe0\x80\xaf",
    "overlong, four bytes": b"\xf0\x80\x80\xaf",
    "an overlong NUL": b"\xc0\x80",
    "a surrogate": b"\xed\xa0\x80",
    "a pair of surrogates": b"\xed\xa0\x80\xed\xb0\x80",
    "beyond the last character": b"\xf4\x90\x80\x80",
    "five bytes": b"\xf8\x88\x80\x80\x80",
    "cut off after one byte": b"\xc3",
    "cut off after two bytes": b"\xe2\x82",
    "cut off after three bytes": b"\xf0\x9f\x98",
    "a character that breaks off": b"\xe2\x82x",
}


@pytest.mark.parametrize("wrong", WRONG.values(), ids=WRONG.keys())
def test_what_is_not_utf8_is_refused(endpoint: Endpoint, wrong: bytes):
    with endpoint.open() as socket:
        socket.send(frame(TEXT, b'{"do": "' + wrong))
        assert socket.ending() == endpoint.violated(1007)


@pytest.mark.parametrize("wrong", WRONG.values(), ids=WRONG.keys())
def test_the_same_is_refused_when_it_is_cut_into_fragments(endpoint: Endpoint, wrong: bytes):
    *parts, last = (wrong[n : n + 1] for n in range(len(wrong)))
    with endpoint.open() as socket:
        # In one piece: it may be refused before the last part.
        sent = [frame(TEXT, b'{"do": "', fin=False)]
        sent += [frame(CONTINUATION, part, fin=False) for part in parts]
        socket.send(b"".join([*sent, frame(CONTINUATION, last)]))
        assert socket.ending() == endpoint.violated(1007)


def test_it_is_refused_at_once_and_not_when_the_text_is_complete(endpoint: Endpoint):
    with endpoint.open() as socket:
        socket.send(frame(TEXT, b"\xf4\x90", fin=False))
        assert socket.ending() == endpoint.violated(1007)


def test_lone_surrogates_in_json_are_a_bad_request(endpoint: Endpoint):
    with endpoint.open() as socket:
        socket.send(frame(TEXT, b'{"do": "\\ud800"}'))
        assert socket.hear_text(re=None)["error"]["code"] == "bad_request"
