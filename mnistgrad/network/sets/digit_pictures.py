"""A reader's pictures of digits, made as MNIST's were: light on dark, 20 pixels long, the centre of mass in the middle."""

import io
import re
import warnings
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from mnistgrad.common import numbers
from mnistgrad.network.presets import SIDE
from mnistgrad.network.sets.parts import Part, UnusableFile, unusable

if TYPE_CHECKING:
    from PIL import Image

FORMATS = {b"\x89PNG\r\n\x1a\n": "PNG", b"\xff\xd8\xff": "JPEG"}
MOST_PICTURES = 1_000
MOST_PIXELS = 25_000_000  # of one picture, as large phones make them
LONGEST_SIDE = 20_000  # pixels; each row is unpacked by itself
MOST_OF_ALL = 400_000_000  # of all together; they unpack from a thousandth of that in bytes
LARGE = 1_400  # pixels of a side; a larger picture is made smaller before anything is looked for in it
BOX = 20  # the digit's longer side
MIDDLE = SIDE // 2  # where MNIST has the centre of mass, counted from 0
FAINT = 24  # of 255: a picture with less between its paper and its ink shows nothing
NOISE = 2  # times what the border differs from itself is still paper
DIGIT = re.compile(r"(?<![0-9])[0-9](?![0-9])")

Grey = NDArray[np.float64]


def is_picture(content: bytes) -> bool:
    return any(content.startswith(beginning) for beginning in FORMATS)


def read_pictures(files: Sequence[tuple[str, bytes]], labels: Sequence[int] | None) -> Part:
    """files: name and content of each. labels: the digit that each shows; where none are given, the one in its name."""
    if len(files) > MOST_PICTURES:
        allowed = f"at most {numbers.count(MOST_PICTURES)}."
        raise UnusableFile(f"{numbers.count(len(files))} pictures were chosen; allowed are {allowed}")
    digits = [_digit_in(name) for name, _ in files] if labels is None else list(labels)
    if len(digits) != len(files) or not all(digit in range(10) for digit in digits):
        count = numbers.count(len(files), "picture")
        raise UnusableFile(f"What is on {count} is not known; allowed are one digit for each, such as 7, 0, 2, or in its name.")
    sizes = [_pixels(name, content) for name, content in files]
    if sum(sizes) > MOST_OF_ALL:
        raise UnusableFile(f"{numbers.count(sum(sizes))} pixels were chosen; allowed are {numbers.count(MOST_OF_ALL)} together.")
    made = [_as_mnist(name, content) for name, content in files]
    images = np.stack([image for image, _ in made])
    return Part(images, np.array(digits, np.uint8), _how_made(len(made), sum(was_dark for _, was_dark in made)))


def _how_made(count: int, turned: int) -> str:
    """What was decided for the reader."""
    if not turned:
        ground = "Taken as light on dark, as MNIST is"
    elif turned == count:
        ground = "Dark on light, so turned to light on dark, as MNIST is"
    else:
        ground = f"{numbers.count(turned)} of {numbers.count(count)} dark on light, so turned to light on dark, as MNIST is"
    return f"{ground}; scaled to {BOX} pixels and centred by mass."


def _digit_in(name: str) -> int:
    """The one digit that stands alone in a file's name; -1 where there is none, or several."""
    found = DIGIT.findall(name.rpartition(".")[0])
    return int(found[0]) if len(found) == 1 else -1


def _as_mnist(name: str, content: bytes) -> tuple[NDArray[np.uint8], bool]:
    """The image (28, 28), and whether the picture was dark on light."""
    grey = _grey(name, content)
    border = np.concatenate([grey[0], grey[-1], grey[:, 0], grey[:, -1]])
    paper = float(np.median(border))
    was_dark = paper - grey.min() > grey.max() - paper
    ink = (paper - grey if was_dark else grey - paper).clip(0)
    ink[ink <= NOISE * np.percentile(np.abs(border - paper), 90)] = 0
    if ink.max() < FAINT:
        raise unusable(name, "shows nothing that stands out from its border", "pictures of one digit on a plain ground.")
    return _centred(_boxed(ink * (255 / ink.max()))), was_dark


def _boxed(ink: Grey) -> Grey:
    """What is inked alone, its longer side 20 pixels."""
    rows, columns = np.flatnonzero(ink.any(1)), np.flatnonzero(ink.any(0))
    inked = ink[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1]
    height, width = (max(round(BOX * side / max(inked.shape)), 1) for side in inked.shape)
    if (height, width) == inked.shape:
        return inked
    from PIL import Image

    scaled = Image.fromarray(inked.astype(np.float32)).resize((width, height), Image.Resampling.BICUBIC)
    return np.asarray(scaled, np.float64).clip(0, 255)


def _centred(inked: Grey) -> NDArray[np.uint8]:
    """Moved by whole pixels, so that the centre of mass comes as near to the middle as the image has room."""
    image = np.zeros((SIDE, SIDE), np.uint8)
    places = []
    for axis, side in enumerate(inked.shape):
        mass = inked.sum(1 - axis)
        centre = float((mass * np.arange(side)).sum() / mass.sum())
        places.append(min(max(round(MIDDLE - centre), 0), SIDE - side))
    top, left = places
    image[top : top + inked.shape[0], left : left + inked.shape[1]] = np.rint(inked)
    return image


def _grey(name: str, content: bytes) -> Grey:
    """Brightness (height, width), 0 to 255, upright, what is transparent on white."""
    from PIL import ImageOps

    with _opened(name, content) as picture:
        return _brightness(ImageOps.exif_transpose(picture))


def _pixels(name: str, content: bytes) -> int:
    """As the header says; nothing is unpacked."""
    with _opened(name, content) as picture:
        return picture.width * picture.height


@contextmanager
def _opened(name: str, content: bytes) -> Iterator["Image.Image"]:
    """Raises UnusableFile, also for what comes up while it is read."""
    from PIL import Image  # here, since the engine needs it nowhere else

    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            with Image.open(io.BytesIO(content), formats=list(FORMATS.values())) as picture:
                if picture.width * picture.height > MOST_PIXELS or max(picture.size) > LONGEST_SIDE:
                    raise Image.DecompressionBombError
                yield picture
    except (Image.DecompressionBombError, Image.DecompressionBombWarning):
        allowed = f"at most {numbers.count(MOST_PIXELS)}, and {numbers.count(LONGEST_SIDE)} along a side."
        raise unusable(name, "has too many pixels", allowed) from None
    except (OSError, SyntaxError, ValueError, EOFError) as error:
        raise unusable(name, "is cut or damaged", "whole PNG and JPEG files.") from error


def _brightness(picture: "Image.Image") -> Grey:
    if picture.mode.startswith("I"):  # 16 bits
        from PIL import Image

        picture = Image.fromarray((np.asarray(picture) >> 8).astype(np.uint8))
    if picture.has_transparency_data:
        picture = _smaller(picture.convert("RGBA"))
        white = picture.copy()
        white.paste("white", (0, 0, *picture.size))
        white.alpha_composite(picture)
        picture = white
    return np.asarray(_smaller(picture.convert("L")), np.float64)


def _smaller(picture: "Image.Image") -> "Image.Image":
    """What is very large, by a whole number."""
    factor = max(picture.size) // (LARGE // 2)
    return picture.reduce(factor) if max(picture.size) > LARGE else picture
