"""What a poll counts as news, of what is told anew with each of them."""

from realtime_project.live.polling import sum_of_timeless

HEADS = b'{"topic":"me","event":"heads","data":{"heads":[{"room":7,"rev":3}]}}'
PEOPLE = b'{"topic":"people","version":%d,"state":{"1":"%b"}}'


def test_who_is_here_is_no_news_because_another_worker_tells_it():
    asked_of_one = sum_of_timeless([HEADS, PEOPLE % (0, b"online")])

    assert sum_of_timeless([HEADS, PEOPLE % (31, b"online")]) == asked_of_one
    assert sum_of_timeless([HEADS, PEOPLE % (31, b"away")]) != asked_of_one


def test_heads_and_refusals_are_news_when_they_are_others():
    hello = b'{"event":"hello","data":{"now":"2026-11-22T12:00:00Z"}}'
    granted = b'{"re":0,"ok":{"me":{"rev":3}}}'
    refused = b'{"re":0,"ok":{"room:7":{"error":{"code":"not_found"}}}}'

    assert sum_of_timeless([hello, granted, HEADS]) == sum_of_timeless([HEADS])
    assert sum_of_timeless([refused, HEADS]) != sum_of_timeless([HEADS])
    assert sum_of_timeless([HEADS.replace(b"3", b"4")]) != sum_of_timeless([HEADS])


def test_what_has_a_cursor_counts_for_nothing():
    rows = b'{"topic":"room:7","from":1,"rev":2,"rows":[{"id":1}]}'
    reset = b'{"topic":"room:7","reset":true,"rev":9}'

    assert sum_of_timeless([rows, HEADS, reset]) == sum_of_timeless([HEADS])
