"""CSV: a line for each image, its label and its 784 pixels, with or without a line of names, as on Kaggle."""

import codecs
import io
import math
import re
from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from mnistgrad.common import numbers
from mnistgrad.network.presets import PIXELS
from mnistgrad.network.sets.image_set import LEVELS, MOST_IMAGES
from mnistgrad.network.sets.parts import Part, images_in, labels_in, unusable

IN_LINE = re.compile(r"in line (\d+)")
LABEL_NAMES = {"label", "labels", "class", "target", "y"}
LONGEST_LINE = 20_000  # characters
LINES = 2_000  # at a time
LINE = "in each line a label and 784 pixels, 0 to 255, parted by commas."


def is_csv(content: bytes) -> bool:
    """A first line of text with commas."""
    first = content[:LONGEST_LINE].split(b"\n", 1)[0]
    return b"," in first and b"\0" not in content[:LONGEST_LINE] and _text(first) is not None


def read_csv(name: str, content: bytes) -> Part:
    """The label stands first, or where the names say so. Raises UnusableFile."""
    content = content.removeprefix(codecs.BOM_UTF8).strip()
    _check_lines(name, content)
    head, _, rest = content.partition(b"\n")
    text = _text(head)
    if text is None or not rest.isascii():
        raise unusable(name, "is no text", LINE)
    first = [part.strip().strip('"').lower() for part in text.split(",")]
    named = not any(map(_is_number, first))
    if len(first) != PIXELS + 1:
        raise unusable(name, f"has {numbers.count(len(first), 'column')}", LINE)
    places = [place for place, each in enumerate(first) if each in LABEL_NAMES] if named else [0]
    if len(places) != 1:
        raise unusable(name, "names no column `label`", LINE)
    parts = list(_parts(name, rest if named else content, 1 + named))
    if not parts:
        raise unusable(name, "has no image", LINE)
    table = np.concatenate(parts)
    return Part(images_in(name, np.delete(table, places, 1)), labels_in(name, table[:, places]))


def _check_lines(name: str, content: bytes) -> None:
    """Before any is taken apart: each field takes many times its bytes then."""
    start = 0
    for line in range(1, MOST_IMAGES + 2):
        end = content.find(b"\n", start)
        if (len(content) if end < 0 else end) - start > LONGEST_LINE:
            raise unusable(name, f"has more numbers in line {numbers.count(line)}", LINE)
        if end < 0:
            return
        start = end + 1
    raise unusable(name, f"has more than {numbers.count(MOST_IMAGES)} lines", f"1 to {numbers.count(MOST_IMAGES)}.")


def _parts(name: str, lines: bytes, start: int) -> Iterator[NDArray[np.uint8]]:
    """Some lines at a time, each number a byte. start: the number of the first."""
    import pandas as pd  # here, since the engine needs it nowhere else

    first = start - 1
    try:
        for frame in pd.read_csv(io.BytesIO(lines), header=None, chunksize=LINES, skip_blank_lines=False, dtype=np.float32):
            values = frame.to_numpy()
            odd = ~((values >= 0) & (values < LEVELS) & (values == np.rint(values))).all(1)  # what is no number is neither
            if odd.any():
                raise unusable(name, f"has something else in line {numbers.count(start + int(odd.argmax()))}", LINE)
            start += len(values)
            yield values.astype(np.uint8)
    except pd.errors.EmptyDataError:
        return
    except pd.errors.ParserError as error:
        line = IN_LINE.search(str(error))
        place = f"line {numbers.count(first + int(line[1]))}" if line else "a line"
        raise unusable(name, f"has more numbers in {place}", LINE) from None
    except ValueError:
        raise unusable(name, f"has something that is no number from line {numbers.count(start)} on", LINE) from None


def _text(content: bytes) -> str | None:
    try:
        return content.decode("utf-8-sig").strip()
    except UnicodeDecodeError:
        return None


def _is_number(part: str) -> bool:
    try:
        return math.isfinite(float(part))
    except ValueError:
        return False
