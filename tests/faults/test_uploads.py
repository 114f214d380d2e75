"""Files that lie about what they hold, beyond what tests/network/sets has: refused in a sentence, before they are unpacked."""

import io
import struct
import zipfile

import pytest
from PIL import Image

from mnistgrad.network.sets import digit_pictures
from mnistgrad.network.sets.files import OwnFile, read_files
from mnistgrad.network.sets.parts import UnusableFile


def npz(**members: bytes) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as archive:
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


def png(width: int, height: int) -> bytes:
    made, picture = io.BytesIO(), Image.new("L", (width, height))
    picture.paste(255, (width // 2, height // 4, width // 2 + width // 8, height - height // 4))
    picture.save(made, "PNG")
    return made.getvalue()


def test_small_files_of_large_pictures_are_not_all_unpacked(monkeypatch: pytest.MonkeyPatch) -> None:
    large = png(4_000, 6_000)
    monkeypatch.setattr(digit_pictures, "_as_mnist", lambda *_: pytest.fail("unpacked"))
    with pytest.raises(UnusableFile, match="480,000,000 pixels were chosen"):
        read_files([OwnFile(f"{digit % 10}.png", large) for digit in range(20)])


def test_a_large_picture_becomes_what_a_small_one_does() -> None:
    small, large = (read_files([OwnFile("1.png", png(40 * scale, 60 * scale))]).images[0].int() for scale in (10, 60))
    assert (small - large).abs().max() <= 40 and small.max() == 255
