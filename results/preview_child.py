"""Draws a small PNG of a picture without trusting it. Run by itself, as a process that has nothing to lose.

`results.preview` starts it with no environment and the file on its standard input. It imports nothing of the product,
limits itself before it reads the first byte, and writes the PNG alone: pixels, without what else the file had in it.
"""

import io
import resource
import sys

# All of it now: what is read before the limits hold is our own, and costs the file nothing.
from PIL import Image, ImageOps, JpegImagePlugin, PngImagePlugin  # noqa: F401

MEMORY, SECONDS, OUTPUT = 768 * 1024 * 1024, 5, 1024 * 1024
MOST_PIXELS = 60_000_000
SIZE = (360, 360)


def main() -> None:
    """Limit ourselves, read, draw, tell."""
    for what, most in (
        (resource.RLIMIT_CPU, SECONDS),
        (resource.RLIMIT_AS, MEMORY),
        (resource.RLIMIT_FSIZE, OUTPUT),
        (resource.RLIMIT_CORE, 0),
    ):
        resource.setrlimit(what, (most, most))
    sys.stdout.buffer.write(small(sys.stdin.buffer.read()))


def small(content: bytes) -> bytes:
    """The picture within SIZE, upright, as PNG."""
    with Image.open(io.BytesIO(content), formats=("PNG", "JPEG")) as picture:
        if picture.width * picture.height > MOST_PIXELS:
            raise ValueError("too many pixels")
        picture.draft("RGB", SIZE)
        drawn = ImageOps.exif_transpose(picture).convert("RGB")
    drawn.thumbnail(SIZE)
    out = io.BytesIO()
    Image.frombytes("RGB", drawn.size, drawn.tobytes()).save(out, "PNG")
    return out.getvalue()


if __name__ == "__main__":
    main()
