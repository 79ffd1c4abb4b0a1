"""Pictures of people: made small and harmless, and kept in the installation's folder.

What somebody uploads is decoded and drawn anew, so that nothing of the file itself, its place and
time of making included, is ever served. The name is a hash of the person and the pixels: a file
never changes, so browsers keep it, and two people never share one.
"""

import hashlib
import warnings
from io import BytesIO
from pathlib import Path
from typing import IO

from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from PIL import Image, ImageOps, UnidentifiedImageError

SIZE = 256  # pixels each way; shown at 36 to 96
MAX_BYTES = 8 * 1024 * 1024
MAX_PIXELS = 30_000_000  # about 120 MB while it is decoded
FORMATS = ("JPEG", "PNG", "WEBP", "GIF")
NAME_DIGITS = 20  # of a hash: it travels with every message


def store(person: int, upload: IO[bytes]) -> str:
    """Keep a picture and return its name. ValidationError says what is wrong with it."""
    data = _as_webp(_read(upload))
    name = f"{hashlib.sha256(b'%d:' % person + data).hexdigest()[:NAME_DIGITS]}.webp"
    path = _folder() / name
    if not path.exists():
        # Written aside: nobody is ever served half a file.
        draft = path.with_suffix(".draft")
        draft.write_bytes(data)
        draft.replace(path)
    return name


def remove(name: str) -> None:
    """Forget a picture."""
    (_folder() / name).unlink(missing_ok=True)


def read(name: str) -> bytes | None:
    """Return a picture, some kilobytes. The caller has made sure that the name is one of ours."""
    try:
        return (_folder() / name).read_bytes()
    except FileNotFoundError:
        return None


def _read(upload: IO[bytes]) -> Image.Image:
    try:
        with warnings.catch_warnings():
            # Our own limit is stricter than the one that Pillow warns of.
            warnings.simplefilter("ignore", Image.DecompressionBombWarning)
            image = Image.open(upload, formats=FORMATS)
            if image.width * image.height > MAX_PIXELS:
                raise ValidationError(_too_large())
            # A JPEG can be decoded small, which takes a fraction of the time.
            image.draft("RGB", (SIZE * 2, SIZE * 2))
            image.load()
    except Image.DecompressionBombError as error:
        raise ValidationError(_too_large()) from error
    except (UnidentifiedImageError, OSError, SyntaxError, ValueError) as error:
        # Pillow raises these four, depending on where a file is broken.
        raise ValidationError(
            _("This is not a picture that can be read. Take a JPEG, PNG, WebP or GIF file.")
        ) from error
    return image


def _as_webp(image: Image.Image) -> bytes:
    upright = ImageOps.exif_transpose(image)
    mode = "RGBA" if upright.has_transparency_data else "RGB"
    small = ImageOps.fit(upright.convert(mode), (SIZE, SIZE))
    out = BytesIO()
    small.save(out, "WEBP", quality=82, exif=b"", icc_profile=b"")
    return out.getvalue()


def _too_large() -> str:
    return _("This picture has too many pixels. Make it smaller, at most 30 megapixels.")


def _folder() -> Path:
    folder = Path(settings.MEDIA_ROOT) / "people"
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    return folder
