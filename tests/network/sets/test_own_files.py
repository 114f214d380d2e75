"""A reader's own files: every form gives the same images, and every lie about a form one sentence that says what is allowed."""

import gzip
import io
import struct
import zipfile
from collections.abc import Callable

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from loops import over
from numpy.typing import NDArray
from PIL import Image

from mnistgrad.network.sets import files as own_files
from mnistgrad.network.sets.files import OwnFile, read_files
from mnistgrad.network.sets.parts import UnusableFile

Bytes = NDArray[np.uint8]
few = settings(max_examples=25, derandomize=True)


def made(count: int = 3, classes: int = 4, seed: int = 0) -> tuple[Bytes, Bytes]:
    drawn = np.random.default_rng(seed)
    return drawn.integers(0, 256, (count, 28, 28), np.uint8), drawn.integers(0, classes, count).astype(np.uint8)


def idx(array: NDArray[np.generic], kind: int = 8) -> bytes:
    return struct.pack(f">4B{array.ndim}I", 0, 0, kind, array.ndim, *array.shape) + array.tobytes()


def npz(**arrays: object) -> bytes:
    file = io.BytesIO()
    np.savez_compressed(file, **arrays)  # type: ignore[arg-type]
    return file.getvalue()


def csv(images: Bytes, labels: Bytes, names: bool = False) -> bytes:
    lines = [",".join(map(str, [label, *image])) for image, label in zip(images.reshape(-1, 784).tolist(), labels, strict=True)]
    first = ["label," + ",".join(f"pixel{place}" for place in range(784))] if names else []
    return "\n".join(first + lines).encode()


def png(grey: NDArray[np.generic], form: str = "PNG", **how: object) -> bytes:
    file = io.BytesIO()
    Image.fromarray(grey).save(file, form, **how)
    return file.getvalue()


FORMS: dict[str, Callable[[Bytes, Bytes], list[bytes]]] = {
    "idx": lambda images, labels: [idx(images), idx(labels)],
    "labels first, packed": lambda images, labels: [gzip.compress(idx(labels)), gzip.compress(idx(images))],
    "npz": lambda images, labels: [npz(images=images, labels=labels)],
    "npz of rows": lambda images, labels: [npz(a=labels.astype(">i8")[:, None], b=images.reshape(-1, 784).astype("f4"))],
    "Keras": lambda x, y: [npz(x_test=x[:1], y_test=y[:1], x_train=x, y_train=y)],
    "channels, by columns": lambda images, labels: [npz(x=np.asfortranarray(images[:, None]), y=labels)],
    "csv": lambda images, labels: [csv(images, labels)],
    "Kaggle": lambda images, labels: [csv(images, labels, True)],
    "csv of Windows, packed": lambda x, y: [gzip.compress(b"\xef\xbb\xbf" + csv(x, y, True).replace(b"\n", b"\r\n") + b"\r\n")],
    "label last": lambda x, y: [
        b"\n".join(b",".join([*line.split(b",")[1:], line.split(b",")[0]]) for line in csv(x, y, True).split(b"\n"))
    ],
}


def files(contents: list[bytes]) -> list[OwnFile]:
    return [OwnFile(f"file-{place}.png", content) for place, content in enumerate(contents)]  # what its name says does not count


@few
@given(st.integers(2, 9), st.integers(1, 62), st.integers(0, 99))
def test_each_form_gives_the_same_images(count: int, classes: int, seed: int) -> None:
    images, labels = made(count, classes, seed)
    sets = {form: read_files(files(write(images, labels))) for form, write in FORMS.items()}
    for form, found in sets.items():
        assert np.array_equal(found.images.numpy(), images) and np.array_equal(found.labels.numpy(), labels), form
    assert len({found.key for found in sets.values()}) == 1
    other = images.copy()
    other[-1, 27, 27] ^= 1
    assert read_files(files(FORMS["idx"](other, labels))).key not in {found.key for found in sets.values()}


def test_fractions_and_truths_become_bytes() -> None:
    labels = np.array([0, 1], np.uint8)
    fractions = np.zeros((2, 28, 28))
    fractions[0, 3, 4], fractions[1, 0, 0] = 1.0, 0.5
    found = read_files(files([npz(x=fractions, y=labels)])).images
    assert (found[0, 3, 4], found[1, 0, 0], found.sum()) == (255, 128, 383)
    assert read_files(files([npz(x=fractions == 1, y=labels)])).images.sum() == 255


def member(name: str, content: bytes, promised: int | None = None) -> bytes:
    """A zip of one array, deflated; `promised`: the size that its directory claims."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(name, content)
    found = file.getvalue()
    return found.replace(struct.pack("<I", len(content)), struct.pack("<I", promised)) if promised else found


def npy(header: str, content: bytes = b"") -> bytes:
    text = header.encode() + b" " * (-(len(header) + 11) % 64) + b"\n"
    return b"\x93NUMPY\x01\x00" + struct.pack("<H", len(text)) + text + content


IMAGES, LABELS = made()
LINES = csv(IMAGES, LABELS).split(b"\n")
HUGE = "{'descr': '|u1', 'fortran_order': False, 'shape': (1000000000, 784), }"
HALF = np.full((3, 28, 28), 0.5)
LIES: dict[str, tuple[list[bytes], str]] = {
    "nothing": ([], "No file was chosen"),
    "empty": ([b""], "is empty"),
    "a program": ([b"\x7fELF" + bytes(900)], "is something else"),
    "a GIF": ([b"GIF89a" + bytes(60)], "is something else"),
    "text": ([b"Dear all, hello, see below.\n"], "has 3 columns"),
    "too large": ([bytes(20_000_001)], "are too much"),
    "a picture beside a file": ([png(IMAGES[0]), idx(IMAGES)], "do not go together"),
    # IDX
    "images alone": ([idx(IMAGES)], "1 file of images and 0 of labels"),
    "labels alone": ([idx(LABELS)], "0 files of images and 1 of labels"),
    "images twice": ([idx(IMAGES), idx(IMAGES), idx(LABELS)], "2 files of images"),
    "more labels than images": ([idx(IMAGES), idx(made(4)[1])], "has 3 images and 4 labels"),
    "a header of too many": ([idx(IMAGES)[:-1], idx(LABELS)], "promises 2,352 bytes in its header and holds 2,351"),
    "a header of too few": ([idx(IMAGES) + b"\0", idx(LABELS)], "promises 2,352 bytes in its header and holds 2,353"),
    "a header of billions": ([b"\0\0\x08\x03" + b"\xff" * 12, idx(LABELS)], "holds (4294967295"),
    "a cut header": ([b"\0\0\x08\x03\0\0", idx(LABELS)], "ends within its header"),
    "IDX of floats": ([idx(IMAGES.astype(">f4"), 0x0D), idx(LABELS)], "IDX type 0x0D"),
    "32 × 32": ([idx(np.zeros((3, 32, 32), np.uint8)), idx(LABELS)], "holds (3, 32, 32)"),
    "no images": ([idx(IMAGES[:0]), idx(LABELS[:0])], "has 0 images"),
    "too many": ([gzip.compress(idx(np.zeros((60_001, 28, 28), np.uint8)), 1), idx(np.zeros(60_001, np.uint8))], "60,001 images"),
    "too many classes": ([idx(IMAGES), idx(LABELS + 60)], "has a label 6"),
    # gzip
    "cut gzip": ([gzip.compress(idx(IMAGES))[:-9], idx(LABELS)], "is cut or damaged"),
    "altered gzip": ([gzip.compress(idx(IMAGES))[:-6] + bytes(6), idx(LABELS)], "is cut or damaged"),
    "a bomb of gzip": ([gzip.compress(bytes(10_000_000)) * 13], "unpacks to more than"),
    "gzip in gzip": ([gzip.compress(gzip.compress(idx(IMAGES))), idx(LABELS)], "is something else"),
    # npz
    "cut npz": ([npz(x=IMAGES, y=LABELS)[:-30]], "is cut or damaged"),
    "a damaged array": ([npz(x=IMAGES, y=LABELS)[:300] + bytes(40) + npz(x=IMAGES, y=LABELS)[340:]], "is cut or damaged"),
    "no arrays": ([npz()], "holds no array"),
    "labels missing": ([npz(x=IMAGES)], "holds arrays of shape (3, 28, 28)"),
    "two of images": ([npz(x=IMAGES, z=IMAGES, y=LABELS)], "holds arrays of shape"),
    "labels of others": ([npz(x=IMAGES, y=made(4)[1])], "holds arrays of shape"),
    "Python objects": ([npz(x=IMAGES, y=np.array([[], {}, ()], object))], "holds Python objects"),
    "words": ([npz(x=IMAGES, y=np.array(["a", "b", "c"]))], "has labels of type `<U1`"),
    "complex pixels": ([npz(x=IMAGES * 1j, y=LABELS)], "has pixels of type complex"),
    "NaN": ([npz(x=np.where(IMAGES > 99, np.nan, 0.0), y=LABELS)], "that are no numbers"),
    "pixels below 0": ([npz(x=IMAGES.astype(int) - 1, y=LABELS)], "has pixels from"),
    "pixels above 255": ([npz(x=IMAGES.astype(int) * 257, y=LABELS)], "has pixels from"),
    "labels of halves": ([npz(x=IMAGES, y=np.array([0, 1, 0.5]))], "has a label 0.5"),
    "labels below 0": ([npz(x=IMAGES, y=np.array([0, 1, -1]))], "has a label −1"),
    "a bomb of npz": ([npz(x=np.zeros((200_000, 784), np.uint8), y=np.zeros(200_000))], "unpacks to 15"),
    "a header of a billion": ([member("x.npy", npy(HUGE, b"0" * 99))], "promises 784,000,000,000 bytes"),
    "a directory that lies": ([member("x.npy", npy(HUGE, bytes(9_999_999)), 1_000)], "is cut or damaged|promises"),
    "a header of code": ([member("x.npy", npy("__import__('os').abort()"))], "is cut or damaged"),
    "any zip": ([member("readme.txt", b"hello")], "holds no array"),
    # CSV
    "784 columns": ([b"\n".join(line.split(b",", 1)[1] for line in LINES)], "has 784 columns"),
    "names without a label": ([csv(IMAGES, LABELS, True).replace(b"label", b"pixels")], "names no column"),
    "names alone": ([csv(IMAGES, LABELS, True).split(b"\n")[0]], "has no image"),
    "a short line": ([b"\n".join([*LINES, b"1,2,3"])], "has something else in line 4"),
    "a long line": ([b"\n".join([*LINES, LINES[0] + b",7"])], "has more numbers in line 4"),
    "a word": ([b"\n".join([LINES[0], LINES[1].replace(b",", b",x", 1)])], "no number"),
    "an empty field": ([b"\n".join([LINES[0], LINES[1].rsplit(b",", 1)[0] + b","])], "something else in line 2"),
    "a half": ([b"\n".join([LINES[0], LINES[1].rsplit(b",", 1)[0] + b",0.5"])], "something else in line 2"),
    "256": ([b"\n".join([LINES[0], LINES[1].rsplit(b",", 1)[0] + b",256"])], "something else in line 2"),
    "a gap": ([b"\n".join([LINES[0], b"", LINES[1]])], "something else in line 2"),
    "infinite": ([b"\n".join([LINES[0], LINES[1].rsplit(b",", 1)[0] + b",1e999"])], "something else in line 2"),
    "Latin-1": ([csv(IMAGES, LABELS, True) + b"\n\xe9"], "is no text"),
    # pictures; their names hold one digit each
    "a cut PNG": ([png(IMAGES[0])[:-200]], "is cut or damaged"),
    "a cut JPEG": ([png(IMAGES[0], "JPEG")[:-200]], "is cut or damaged"),
    "a PNG's beginning": ([b"\x89PNG\r\n\x1a\n"], "is cut or damaged"),
    "a PNG of one colour": ([png(np.full((40, 40), 90, np.uint8))], "shows nothing"),
    "a bomb of PNG": ([png(np.zeros((6_000, 5_000), np.uint8))], "has too many pixels"),
    "a worse one": ([png(np.zeros((15_000, 15_000), np.bool_))], "has too many pixels"),
}


BEGINNINGS = [b"", b"\x1f\x8b", b"PK\x03\x04", b"\0\0\x08\x03", b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff", b"1,"]


@over("lie", LIES)
def test_each_lie_is_told_with_what_is_allowed(lie: str) -> None:
    contents, says = LIES[lie]
    with pytest.raises(UnusableFile, match="allowed") as raised:
        read_files(files(contents))
    message = str(raised.value)
    assert any(each in message for each in says.split("|")), message
    assert len(message) < 260 and message.endswith(".") and "\n" not in message


def test_a_files_name_is_never_markup() -> None:
    with pytest.raises(UnusableFile) as raised:
        read_files([OwnFile("![x](http://127.0.0.1/x)`<b>`.csv", b"1,2")])
    assert str(raised.value).startswith("`![x](http://127.0.0.1/x)'<b>'.csv` has 2 columns")


@few
@given(st.binary(max_size=400), st.sampled_from(BEGINNINGS))
def test_any_bytes_are_refused_in_a_sentence(content: bytes, beginning: bytes) -> None:
    with pytest.raises(UnusableFile, match="allowed"):
        read_files(files([beginning + content]))


def test_nothing_is_unpickled(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("pickle.loads", lambda *_: pytest.fail("unpickled"))
    monkeypatch.setattr("pickle.load", lambda *_, **__: pytest.fail("unpickled"))
    with pytest.raises(UnusableFile, match="Python objects"):
        read_files(files([npz(x=np.array([1, "a", None], object), y=LABELS)]))


def test_a_bomb_takes_no_memory(monkeypatch: pytest.MonkeyPatch) -> None:
    """What is unpacked ends at the bound, whatever follows."""
    monkeypatch.setattr(own_files, "MOST_UNPACKED", 1_000_000)
    seen: list[int] = []
    content = gzip.compress(bytes(5_000_000)) * 10
    original = gzip.GzipFile.read

    def counted(self: gzip.GzipFile, size: int | None = -1) -> bytes:
        part = original(self, size)
        seen.append(len(part))
        return part

    monkeypatch.setattr(gzip.GzipFile, "read", counted)
    with pytest.raises(UnusableFile, match="unpacks"):
        read_files(files([content]))
    assert sum(seen) <= 3_000_000
