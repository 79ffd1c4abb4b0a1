"""A keyword is found as a whole word, however it is written."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from notifications.keywords import first_found, fold, is_keyword


@pytest.mark.parametrize(
    ("keyword", "text"),
    [
        ("deploy", "Who will deploy it?"),
        ("deploy", "DEPLOY!"),
        ("deploy", "(deploy)"),
        ("deploy", "deploy"),
        ("straße", "In der STRASSE"),
        ("café", "the cafe\u0301 is open"),
        ("c++", "We wrote it in C++, once."),
        ("release train", "The release\n  train leaves"),
        ("deploy", "redeploy and deploy"),
        ("web-push", "about web-push."),
        ("ошибка", "ОШИБКА в логе"),
    ],
)
def test_a_whole_word_is_found(keyword: str, text: str):
    assert first_found([fold(keyword)], fold(text)) == fold(keyword)


@pytest.mark.parametrize(
    ("keyword", "text"),
    [
        ("deploy", "the deployment"),
        ("deploy", "redeploy"),
        ("deploy", "deploy_all"),
        ("deploy", "2deploy"),
        ("cafe", "the cafe\u0301 is open"),
        ("release train", "release the train"),
        ("deploy", ""),
    ],
)
def test_a_part_of_a_word_is_not(keyword: str, text: str):
    assert first_found([fold(keyword)], fold(text)) is None


def test_the_first_of_several_is_named():
    assert first_found(["alpha", "beta", "gamma"], "gamma and beta") == "beta"


@pytest.mark.parametrize(("text", "fits"), [
    ("ab", True), ("a", False), ("  a ", False), ("x" * 40, True), ("x" * 41, False),
    ("--", False), ("c++", True), ("", False),
])  # fmt: skip
def test_a_keyword_is_neither_too_short_nor_too_long(text: str, fits: bool):
    assert is_keyword(text) == fits


letters = st.text(st.sampled_from("ab_ -é"), max_size=30)


@given(letters, letters)
def test_it_finds_what_a_pattern_with_word_boundaries_finds(keyword: str, text: str):
    keyword, text = fold(keyword), fold(text)
    if not keyword or not keyword[0].isalnum() or not keyword[-1].isalnum():
        return
    found = re.search(rf"(?<!\w){re.escape(keyword)}(?!\w)", text)

    assert (first_found([keyword], text) is not None) == (found is not None)
