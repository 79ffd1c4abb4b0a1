"""Pictures for the people of the demonstration: hills beneath a sky, other ones for each."""

import math
from io import BytesIO
from random import Random

from PIL import Image, ImageDraw

SIZE = 256
# By the hour: the sky above, the sky at the horizon, the sun, the hills from far to near.
HOURS = (
    ("#8ec5ff", "#e8f4ff", "#fff3b0", ("#9fc7a5", "#6fa67b", "#3f7a52")),
    ("#5b6bd6", "#ffb38a", "#ffe0a3", ("#a06fa6", "#6b4a86", "#3c2c5c")),
    ("#10233f", "#3d5a80", "#f2f0d8", ("#345071", "#22364f", "#132033")),
    ("#ffd9a0", "#fff1dc", "#ff8f5a", ("#e6a15c", "#c2703d", "#7d4424")),
    ("#a7e3d8", "#f3fff8", "#ffffff", ("#7bbfc4", "#3f8f9f", "#1f5a6e")),
)


def landscape(random: Random) -> BytesIO:
    """Return a picture as a PNG file."""
    above, below, sun, hills = random.choice(HOURS)
    image = Image.new("RGB", (1, 2))
    image.putdata([_rgb(above), _rgb(below)])
    image = image.resize((SIZE, SIZE), Image.Resampling.BILINEAR)
    draw = ImageDraw.Draw(image)
    x, y, radius = random.randint(60, 196), random.randint(50, 110), random.randint(18, 34)
    draw.ellipse((x - radius, y - radius, x + radius, y + radius), fill=sun)
    for number, color in enumerate(hills):
        draw.polygon(_hill(random, 130 + 38 * number), fill=color)
    out = BytesIO()
    image.save(out, "PNG")
    out.seek(0)
    return out


def _hill(random: Random, height: int) -> list[tuple[float, float]]:
    waves = [(random.uniform(6, 18), random.uniform(0.6, 2.2), random.uniform(0, 6)) for _ in "ab"]
    ridge = [
        (x, height + sum(high * math.sin(often * x / 40 + begin) for high, often, begin in waves))
        for x in range(0, SIZE + 8, 8)
    ]
    return [(0, SIZE), *ridge, (SIZE, SIZE)]


def _rgb(color: str) -> tuple[int, ...]:
    return tuple(bytes.fromhex(color[1:]))
