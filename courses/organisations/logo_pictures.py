"""An uploaded picture made anew as a logo: a small PNG that holds the pixels and nothing else.

The sizes are the issue's; what a picture must not do to us is in Pillow's "Security" page: bombs
(few bytes, many pixels), broken files, and formats that are programs. No Django.
"""

import hashlib
import io
import warnings
from dataclasses import dataclass
from typing import TYPE_CHECKING

# Pillow is imported where it is used: most web workers never see a picture.
if TYPE_CHECKING:
    from PIL.Image import Image

MOST_BYTES = 2_000_000
MOST_PIXELS = 16_000_000  # of the upload: 64 MB in memory while it is made smaller
LONGEST_SIDE = 400  # pixels of the logo
SHORTEST_SIDE = 16
FORMATS = ("PNG", "JPEG", "WEBP")
KEEP = "Your logo was not changed."


class WrongPicture(Exception):
    """The upload cannot be a logo. The message says why and what to do, for its form."""


@dataclass(frozen=True)
class LogoPicture:
    """A PNG of 8 bits a channel, at most 400 pixels a side. `digest` is its SHA-256 in hex."""

    png: bytes
    digest: str
    width: int
    height: int


def logo_picture(data: bytes) -> LogoPicture:
    """The logo that is made of an uploaded file.

    The same file gives the same bytes. Metadata, colour profiles and what comes after the picture
    in the file are left out; a photograph's rotation is applied.

    Raises:
        WrongPicture: it is none that can be taken.
    """
    if len(data) > MOST_BYTES:
        raise WrongPicture(f"This file is larger than 2 MB. Save it smaller. {KEEP}")
    if _is_drawing(data):
        raise WrongPicture(f"This is an SVG drawing. Save it as a PNG, and upload that. {KEEP}")
    picture = _opened(data)
    if min(picture.size) < SHORTEST_SIDE:
        raise WrongPicture(f"This picture is too small or too thin to be seen. {KEEP}")
    png = _png_of(picture)
    width, height = picture.size
    return LogoPicture(png, hashlib.sha256(png).hexdigest(), width, height)


def _is_drawing(data: bytes) -> bool:
    start = data[:1000].lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    return start.startswith(b"<") and b"<svg" in data[:4000].lower()


def _opened(data: bytes) -> "Image":
    """The picture's pixels, turned upright and made small.

    Pillow's readers raise errors of many kinds for broken files, so all of them are caught.
    """
    from PIL import Image, ImageOps

    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error")  # a bomb warns first
            picture: Image.Image = Image.open(io.BytesIO(data), formats=FORMATS)
            _check_size(picture)
            picture.load()
            picture = ImageOps.exif_transpose(picture).convert("RGBA")
            picture.thumbnail((LONGEST_SIDE, LONGEST_SIDE))
            return picture
    except WrongPicture:
        raise
    except Image.UnidentifiedImageError:
        raise WrongPicture(f"This is not a PNG, JPEG or WebP picture. {KEEP}") from None
    except (Image.DecompressionBombError, Image.DecompressionBombWarning):
        raise WrongPicture(_too_many_pixels()) from None
    except Exception:
        raise WrongPicture(
            f"This picture is broken or was cut off on the way. Save it anew. {KEEP}"
        ) from None


def _check_size(picture: "Image") -> None:
    """Looks at what the file says of itself, before any pixel is read."""
    width, height = picture.size
    if width * height > MOST_PIXELS:
        raise WrongPicture(_too_many_pixels())
    if getattr(picture, "is_animated", False):
        raise WrongPicture(f"This picture moves. Save one still picture of it. {KEEP}")


def _too_many_pixels() -> str:
    return f"This picture has more than 16 million pixels. Save it smaller. {KEEP}"


def _png_of(picture: "Image") -> bytes:
    """The pixels alone as a PNG: a new picture knows nothing of the file it came from."""
    from PIL import Image

    bare = Image.new("RGBA", picture.size)
    bare.paste(picture)
    file = io.BytesIO()
    bare.save(file, "PNG", optimize=True)
    return file.getvalue()
