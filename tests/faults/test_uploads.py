"""Files that lie about what they hold, beyond what tests/network/sets has: refused in a sentence, before they are unpacked."""

import gzip
import io
import struct
import tracemalloc
import zipfile

import numpy as np
import pytest
from PIL import Image

from mnistgrad.network.sets import digit_pictures
from mnistgrad.network.sets.files import OwnFile, read_files
from mnistgrad.network.sets.parts import UnusableFile


def npz(packed: int = zipfile.ZIP_STORED, **members: bytes) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", packed) as archive:
        for name, content in members.items():
            archive.writestr(f"{name}.npy", content)
    return made.getvalue()


def npy(header: str, content: bytes = b"") -> bytes:
    line = header.encode() + b"\n"
    return b"\x93NUMPY\x01\x00" + struct.pack("<H", len(line)) + line + content


@pytest.mark.parametrize(
    "header",
    [
        "{'descr': '|u1', 'fortran_order': False, 'shape': (True, 28, 28)}",
        "{'descr': '|u1', 'fortran_order': False, 'shape': (10**400, 28, 28)}",
        "{'descr': '|V0', 'fortran_order': False, 'shape': (1, 28, 28)}",
        "{'descr': [], 'fortran_order': 1, 'shape': [1, 28, 28]}",
        "__import__('os').abort()",
        "(" * 3_000 + ")" * 3_000,
    ],
    ids=lambda header: header[-30:],
)
def test_headers_of_anything_are_refused(header: str) -> None:
    labels = npy("{'descr': '|u1', 'fortran_order': False, 'shape': (1,)}", b"\0")
    with pytest.raises(UnusableFile, match="allowed are"):
        read_files([OwnFile("a.npz", npz(x=npy(header, bytes(784)), y=labels))])


MARKUP = "![x](//x.y)<b>"


@pytest.mark.parametrize("what", ["objects", "promise", "pixels", "labels"])
def test_no_name_in_a_file_is_markup(what: str) -> None:
    """Whoever sends a file to others would have their pages ask another host."""
    plain = npy("{'descr': '|u1', 'fortran_order': False, 'shape': (1, 28, 28)}", bytes(784))
    labels = npy("{'descr': '|u1', 'fortran_order': False, 'shape': (1,)}", b"\0")
    named, of_one = f"[('{MARKUP}', '|u1')]", {"pixels": "(1, 28, 28)", "labels": "(1,)"}.get(what)
    odd = npy(f"{{'descr': {named}, 'fortran_order': False, 'shape': {of_one}}}", bytes(784 if what == "pixels" else 1))
    files = {
        "objects": {MARKUP: npy("{'descr': '|O', 'fortran_order': False, 'shape': (1,)}", b"\0")},
        "promise": {MARKUP: plain[:-1]},
        "pixels": {"x": odd, "y": labels},
        "labels": {"x": plain, "y": odd},
    }
    with pytest.raises(UnusableFile) as told:
        read_files([OwnFile("a.npz", npz(**files[what]))])
    parts = str(told.value).split("`")
    assert "![x](" in str(told.value) and not any("![x](" in part for part in parts[::2])


def test_packings_that_take_memory_before_they_are_known_are_refused() -> None:
    """Of LZMA the header says how much, up to 4 GB."""
    images = npy("{'descr': '|u1', 'fortran_order': False, 'shape': (1, 28, 28)}", bytes(784))
    labels = npy("{'descr': '|u1', 'fortran_order': False, 'shape': (1,)}", b"\0")
    read_files([OwnFile("a.npz", npz(zipfile.ZIP_DEFLATED, x=images, y=labels))])
    for packed in (zipfile.ZIP_LZMA, zipfile.ZIP_BZIP2):
        with pytest.raises(UnusableFile, match="packed in another way"):
            read_files([OwnFile("a.npz", npz(packed, x=images, y=labels))])


def test_what_would_round_beyond_a_byte_is_refused() -> None:
    made = io.BytesIO()
    np.savez(made, x=np.full((1, 28, 28), 255.7), y=np.zeros(1))
    with pytest.raises(UnusableFile, match="has pixels from"):
        read_files([OwnFile("a.npz", made.getvalue())])


LINE = b",".join([b"1"] * 785) + b"\n"


def png(width: int, height: int) -> bytes:
    made, picture = io.BytesIO(), Image.new("L", (width, height))
    picture.paste(255, (width // 2, height // 4, width // 2 + width // 8, height - height // 4))
    picture.save(made, "PNG")
    return made.getvalue()


def deep_png(side: int) -> bytes:
    """Of 16 bits."""
    made, grey = io.BytesIO(), np.zeros((side, side), np.uint16)
    grey[side // 4 : -side // 4, side // 2 : -side // 3] = 65_535
    Image.fromarray(grey).save(made, "PNG")
    return made.getvalue()


HOLLOW = {  # what looks small, and what is said of it
    "one line": (gzip.compress(b"10," * 3_000_000), "more numbers in line 1;"),
    "a second line": (gzip.compress(LINE + b"10," * 3_000_000), "more numbers in line 2;"),
    "no lines": (gzip.compress(LINE + b"\n" * 9_000_000 + LINE), "more than 60,000 lines"),
    "one letter": (gzip.compress(LINE + (b"1" * 9_999 + b"\n") * 900 + "😀".encode()), "is no text"),
    "16 bits": (deep_png(2_500), ""),
    "large": (png(4_000, 4_000), ""),
}


@pytest.mark.parametrize("kind", HOLLOW)
def test_what_unpacks_takes_little_more_memory_than_it_is(kind: str) -> None:
    content, says = HOLLOW[kind]
    tracemalloc.start()
    try:
        if says:
            with pytest.raises(UnusableFile, match=says):
                read_files([OwnFile("1.png", content)])
        else:
            assert read_files([OwnFile("1.png", content)]).images.max() == 255
        assert tracemalloc.get_traced_memory()[1] < 60_000_000
    finally:
        tracemalloc.stop()


def test_small_files_of_large_pictures_are_not_all_unpacked(monkeypatch: pytest.MonkeyPatch) -> None:
    large = png(4_000, 6_000)
    monkeypatch.setattr(digit_pictures, "_as_mnist", lambda *_: pytest.fail("unpacked"))
    with pytest.raises(UnusableFile, match="480,000,000 pixels were chosen"):
        read_files([OwnFile(f"{digit % 10}.png", large) for digit in range(20)])


def test_long_and_narrow_pictures_are_not_unpacked_row_by_row(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(digit_pictures, "_as_mnist", lambda *_: pytest.fail("unpacked"))
    for size in ((1, 20_001), (20_001, 2)):
        with pytest.raises(UnusableFile, match="at most 25,000,000, and 20,000 along a side"):
            read_files([OwnFile("1.png", png(*size))])


def test_a_large_picture_becomes_what_a_small_one_does() -> None:
    small, large = (read_files([OwnFile("1.png", png(40 * scale, 60 * scale))]).images[0].int() for scale in (10, 60))
    assert (small - large).abs().max() <= 40 and small.max() == 255
