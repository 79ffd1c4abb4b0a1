"""Everybody is answered in their own language, and keeps the texts of the page for a year."""

import re

import pytest
from django.test import Client

from realtime_project.live.language import catalogue_address, stamp, wanted_language


@pytest.mark.parametrize(
    ("named", "language"),
    [("de", "de"), ("de-AT", "de"), ("en", "en"), ("fr", "en"), ("", "en"), ("../de\x00", "en")],
)
def test_a_page_is_answered_in_a_language_of_ours(named: str, language: str):
    assert wanted_language(named) == language


def test_the_language_of_the_source_needs_no_catalogue(db):
    assert catalogue_address("en") == ""
    assert b"jsi18n" not in Client().get("/accounts/login/").content


def test_a_page_in_another_one_loads_it_before_its_modules(db):
    page = Client().get("/accounts/login/", headers={"Accept-Language": "de"}).content.decode()

    address = catalogue_address("de")
    assert page.index(address) < page.index('type="module"')
    [tag] = re.findall(rf'<script[^>]*src="{address}"[^>]*>', page)
    assert "defer" in tag
    assert "nonce=" in tag


def test_a_catalogue_is_kept_under_its_own_stamp_only(db):
    now = Client().get(catalogue_address("de"))
    other = Client().get(f"/jsi18n/{'0' * 12}/de.js")

    assert "Jump to a room" in now.content.decode()
    assert "immutable" in now["Cache-Control"]
    assert other.content == now.content
    assert "immutable" not in other.get("Cache-Control", "")
    assert Client().get(f"/jsi18n/{stamp('de')}/fr.js").status_code == 404
