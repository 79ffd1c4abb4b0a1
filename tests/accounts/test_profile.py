"""What people say of themselves, and their pictures."""

from io import BytesIO
from pathlib import Path

import pytest
from django.conf import settings as configured
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from PIL import Image

from realtime_project.accounts import pictures
from realtime_project.accounts.models import User
from tests.cast import make_person

pytestmark = pytest.mark.django_db

PROFILE = {"display_name": "Alice Kim", "avatar_color": 3, "time_zone": "", "theme": "dark"}
SECRET_PLACE = b"48.2082N 16.3738E"


@pytest.fixture
def browser(alice: User) -> Client:
    browser = Client()
    browser.force_login(alice)
    return browser


def picture(kind: str = "JPEG", size: tuple[int, int] = (640, 480), color: str = "red") -> bytes:
    out = BytesIO()
    exif = Image.Exif()
    exif[0x010E] = SECRET_PLACE.decode()  # the description, where phones write much
    Image.new("RGB", size, color).save(out, kind, exif=exif)
    return out.getvalue()


def upload(browser: Client, data: bytes, name: str = "me.jpg"):
    file = SimpleUploadedFile(name, data, content_type="image/jpeg")
    return browser.post("/settings/profile/", PROFILE | {"picture": file})


def files() -> list[Path]:
    return sorted((Path(configured.MEDIA_ROOT) / "people").glob("*"))


def test_a_profile_is_saved_and_shown(browser: Client, alice: User):
    answer = browser.post("/settings/profile/", PROFILE | {"time_zone": "Europe/Vienna"})

    assert answer["Location"] == "/settings/profile/"
    alice.refresh_from_db()
    assert (alice.get_full_name(), alice.avatar_color) == ("Alice Kim", 3)
    assert (alice.zone, alice.theme) == ("Europe/Vienna", "dark")
    page = browser.get("/settings/profile/").content.decode()
    assert 'data-theme="dark"' in page
    assert "Your profile is saved." in page


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("display_name", " "), ("display_name", "x" * 81), ("display_name", "a\0b"),
        ("avatar_color", 12), ("avatar_color", "red"), ("time_zone", "Mars/Olympus"),
        ("theme", "pink"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_said_beside_the_field_and_nothing_is_saved(
    browser: Client, alice: User, field: str, value: object
):
    answer = browser.post("/settings/profile/", PROFILE | {field: value})

    assert field in answer.context["form"].errors
    alice.refresh_from_db()
    assert alice.get_full_name() == "Alice"


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP", "GIF"])
def test_a_picture_is_drawn_anew_small_and_without_what_the_file_said(
    browser: Client, alice: User, kind: str
):
    upload(browser, picture(kind))

    alice.refresh_from_db()
    response = browser.get(alice.picture_url)
    data = response.content
    with Image.open(BytesIO(data)) as served:
        assert (served.format, served.size) == ("WEBP", (256, 256))
        assert not served.getexif()
    assert SECRET_PLACE not in data
    assert response["Content-Type"] == "image/webp"
    assert response["X-Content-Type-Options"] == "nosniff"
    assert "immutable" in response["Cache-Control"]
    assert "sandbox" in response["Content-Security-Policy"]


def test_a_picture_is_turned_as_its_camera_was_held(browser: Client, alice: User):
    # Left half red, right half blue, taken with the camera on its side.
    image = Image.new("RGB", (400, 400), "red")
    image.paste("blue", (200, 0, 400, 400))
    exif = Image.Exif()
    exif[0x0112] = 6
    out = BytesIO()
    image.save(out, "PNG", exif=exif)

    upload(browser, out.getvalue())

    alice.refresh_from_db()
    with Image.open(BytesIO(browser.get(alice.picture_url).content)) as turned:
        top, bottom = turned.getpixel((128, 30)), turned.getpixel((128, 226))
    assert isinstance(top, tuple)
    assert isinstance(bottom, tuple)
    assert (top[0] > 200, bottom[2] > 200) == (True, True)


def bomb() -> bytes:
    """A small file of 49 million pixels."""
    out = BytesIO()
    Image.new("1", (7000, 7000)).save(out, "PNG")
    return out.getvalue()


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"GIF89a, said the liar", "not a picture"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'><script>1</script></svg>", "not a picture"),
        (picture()[:400], "not a picture"),
        (picture("PNG")[:80], "not a picture"),
        (picture("BMP"), "not a picture"),
        (bomb(), "too many pixels"),
        (picture() + b"\0" * pictures.MAX_BYTES, "larger than 8 MB"),
    ],
    ids=["lie", "svg", "torn jpeg", "torn png", "other format", "bomb", "large"],
)
def test_what_is_no_harmless_picture_is_refused_in_words(
    browser: Client, alice: User, data: bytes, words: str
):
    before = files()

    answer = upload(browser, data)

    assert words in str(answer.context["form"].errors["picture"])
    alice.refresh_from_db()
    assert (alice.picture, alice.get_full_name()) == ("", "Alice")
    assert files() == before


@pytest.mark.django_db(transaction=True)
def test_a_new_picture_replaces_the_old_one_and_its_file(browser: Client, alice: User):
    upload(browser, picture(color="red"))
    alice.refresh_from_db()
    old = alice.picture_url

    upload(browser, picture(color="blue"))
    alice.refresh_from_db()
    assert browser.get(old).status_code == 404
    assert browser.get(alice.picture_url).status_code == 200

    browser.post("/settings/profile/", PROFILE | {"without_picture": "on"})
    assert browser.get(alice.picture_url).status_code == 404
    alice.refresh_from_db()
    assert alice.picture_url == ""


def test_two_people_never_share_a_file(browser: Client, alice: User):
    bob = make_person("bob")
    his = Client()
    his.force_login(bob)
    upload(browser, picture())
    upload(his, picture())

    alice.refresh_from_db()
    bob.refresh_from_db()

    assert alice.picture != bob.picture


def test_pictures_are_for_those_who_are_signed_in(browser: Client, alice: User):
    upload(browser, picture())
    alice.refresh_from_db()

    assert Client().get(alice.picture_url).status_code == 302


@pytest.mark.parametrize("name", ["..%2f..%2fsecret_key", "x.webp", "0" * 40 + ".png"])
def test_no_other_file_of_the_installation_is_a_picture(browser: Client, name: str):
    assert browser.get(f"/people/pictures/{name}").status_code == 404


@pytest.mark.parametrize("path", ["/settings/profile/", "/settings/sessions/", "/people/invite/"])
def test_ones_own_pages_want_somebody_who_is_signed_in(path: str):
    answer = Client().get(path)

    assert answer["Location"] == f"/accounts/login/?next={path}"
