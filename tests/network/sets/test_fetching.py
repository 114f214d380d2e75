"""Sets that are fetched, from a server on this machine that can be slow, cut, wrong or gone; and roots of torchvision."""

import gzip
import hashlib
import io
import os
import shutil
import struct
import threading
import time
import zipfile
from collections import namedtuple
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import numpy as np
import pytest
from patience import SOON

import mnistgrad as mg
from mnistgrad.network.sets import fetching
from mnistgrad.network.sets.fetching import fetch
from mnistgrad.network.sets.sources import SOURCES, Remote, UnusableSet, cache_folder, find, read_root, remotes

NAMES = ("train-images-idx3-ubyte", "train-labels-idx1-ubyte", "t10k-images-idx3-ubyte", "t10k-labels-idx1-ubyte")
IMAGES = np.random.default_rng(0).integers(0, 256, (70, 28, 28), np.uint8)
LABELS = (np.arange(70) % 10).astype(np.uint8)


def idx(array: np.ndarray) -> bytes:
    kind = {"uint8": 8, "int32": 12}[array.dtype.name]
    return (
        struct.pack(f">4B{array.ndim}I", 0, 0, kind, array.ndim, *array.shape)
        + array.astype(array.dtype.newbyteorder(">")).tobytes()
    )


def archive() -> bytes:
    """As EMNIST's: all its splits, stored column by column, labels from 1."""
    file, held = io.BytesIO(), {}
    for split in ("letters", "digits"):
        for part in ("train", "test"):
            held[f"gzip/emnist-{split}-{part}-images-idx3-ubyte.gz"] = idx(IMAGES.transpose(0, 2, 1))
            held[f"gzip/emnist-{split}-{part}-labels-idx1-ubyte.gz"] = idx(LABELS + 1)
    with zipfile.ZipFile(file, "w") as packed:
        for name, content in held.items():
            packed.writestr(name, gzip.compress(content))
    return file.getvalue()


TOLD = np.stack([LABELS, *[np.zeros(70, np.uint8)] * 7], 1).astype(np.int32)  # QMNIST tells eight numbers of each
CONTENT = {
    f"{name}.gz": gzip.compress(idx(array)) for name, array in zip(NAMES, (IMAGES, LABELS, IMAGES, LABELS), strict=True)
} | {
    "qmnist-train-images-idx3-ubyte.gz": gzip.compress(idx(IMAGES)),
    "qmnist-train-labels-idx2-int.gz": gzip.compress(idx(TOLD)),
    "gzip.zip": archive(),
}
OF = {
    "fashion": [f"{name}.gz" for name in NAMES],
    "kmnist": [f"{name}.gz" for name in NAMES],
    "qmnist": ["qmnist-train-images-idx3-ubyte.gz", "qmnist-train-labels-idx2-int.gz"],
    "emnist": ["gzip.zip"],
}


class Answers(BaseHTTPRequestHandler):
    """The path says how: /whole/, /cut/ (fewer bytes than promised), /slow/ (never the second half), else 404."""

    let_go = threading.Event()

    def do_GET(self) -> None:
        _, how, name = self.path.split("/")
        if how not in ("whole", "cut", "slow") or name not in CONTENT:
            self.send_error(404)
            return
        content = CONTENT[name]
        self.send_response(200)
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content if how == "whole" else content[: len(content) // 2])
        if how == "slow":
            self.wfile.flush()
            self.let_go.wait(SOON)

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture(scope="module")
def mirror() -> Iterator[str]:
    served = ThreadingHTTPServer(("127.0.0.1", 0), Answers)
    threading.Thread(target=served.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{served.server_port}"
    Answers.let_go.set()
    served.shutdown()
    served.server_close()


def files(mirror: str, key: str = "fashion", how: tuple[str, ...] = ("whole",)) -> list[Remote]:
    return [
        Remote(name, tuple(f"{mirror}/{each}/{name}" for each in how), hashlib.md5(CONTENT[name]).hexdigest()) for name in OF[key]
    ]


def left(root: Path) -> list[str]:
    return sorted(path.name for path in root.rglob("*") if path.is_file())


@pytest.fixture(autouse=True)
def _enough_room(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever this machine has."""
    monkeypatch.setattr(shutil, "disk_usage", lambda _: namedtuple("Usage", "free")(10**12))


@pytest.mark.parametrize("key", SOURCES)
def test_a_set_is_fetched_with_progress_and_read_as_torchvision_does(key: str, mirror: str, tmp_path: Path) -> None:
    come: list[int] = []
    assert find(key, [tmp_path]) is None
    fetch(SOURCES[key], tmp_path, come.append, files(mirror, key))
    assert come == sorted(come) and come[-1] == sum(len(CONTENT[name]) for name in OF[key])
    assert find(key, [tmp_path]) == tmp_path and not list(tmp_path.glob(".*"))
    found = read_root(key, tmp_path)
    assert np.array_equal(found.images, IMAGES) and found.labels.tolist() == LABELS.tolist()
    assert found.key == key and not any("digits" in name for name in left(tmp_path))
    batch = mg.load_batch(9, images=mg.load_images(key, tmp_path))
    assert (batch.inp * found.std + found.mean).mul(256).round().view(9, 28, 28).equal(found.images[:9].float())


def test_the_next_mirror_is_tried(mirror: str, tmp_path: Path) -> None:
    fetch(SOURCES["fashion"], tmp_path, lambda _: None, files(mirror, how=("gone", "cut", "whole")))
    assert len(read_root("fashion", tmp_path).images) == 70


def wrong(mirror: str) -> list[Remote]:
    *whole, last = files(mirror)
    return [*whole, Remote(last.name, last.addresses, "0" * 32)]


NOBODY = "nobody.invalid"
CLOSED = "http://127.0.0.1:9"  # nobody listens there
FAILURES = {
    "another answer": (lambda mirror: files(mirror, how=("gone",)), "127.0.0.1 answered 404 for train-images"),
    "a cut file": (lambda mirror: files(mirror, how=("cut",)), "broke off after"),
    "another checksum": (wrong, "t10k-labels-idx1-ubyte.gz from 127.0.0.1 has another checksum"),
    "a server that says nothing": (lambda mirror: files(mirror, how=("slow",)), "it says nothing"),
    "a closed port": (lambda _: files(CLOSED), "could not be fetched from 127.0.0.1: Connection refused"),
    "an unknown host": (lambda _: files("http://" + NOBODY), f"could not be fetched from {NOBODY}"),
}


@pytest.mark.parametrize("failure", FAILURES)
def test_what_fails_is_told_and_leaves_nothing(failure: str, mirror: str, tmp_path: Path) -> None:
    made, says = FAILURES[failure]
    with pytest.raises(UnusableSet, match=says):
        fetch(SOURCES["fashion"], tmp_path, lambda _: None, made(mirror), patience=0.3)
    assert left(tmp_path) == [] and find("fashion", [tmp_path]) is None


class StopIt(Exception):
    pass


def test_it_can_be_stopped_and_leaves_nothing(mirror: str, tmp_path: Path) -> None:
    def stop(come: int) -> None:
        raise StopIt

    with pytest.raises(StopIt):
        fetch(SOURCES["fashion"], tmp_path, stop, files(mirror, how=("slow",)))
    assert left(tmp_path) == []


def test_a_full_disk_is_told_before(mirror: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shutil, "disk_usage", lambda _: namedtuple("Usage", "free")(10**7))
    with pytest.raises(UnusableSet, match=r"needs 86 MB in .* only 10 MB are free"):
        fetch(SOURCES["fashion"], tmp_path, lambda _: None, files(mirror))


@pytest.mark.parametrize(
    ("number", "says"), [(28, "no space left"), (13, "may not be written to"), (30, "may not be written to")]
)
def test_a_disk_that_refuses_is_told(
    number: int, says: str, mirror: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object) -> None:
        raise OSError(number, os.strerror(number))

    monkeypatch.setattr(fetching, "_unpack", refuse)
    with pytest.raises(UnusableSet, match=f"cannot be kept in {tmp_path}: .*{says}"):
        fetch(SOURCES["fashion"], tmp_path, lambda _: None, files(mirror))
    assert left(tmp_path) == []


def test_a_file_in_the_folders_place_is_told(mirror: str, tmp_path: Path) -> None:
    (tmp_path / "cache").write_text("")
    with pytest.raises(UnusableSet, match="cannot be kept in"):
        fetch(SOURCES["fashion"], tmp_path / "cache", lambda _: None, files(mirror))


def test_what_a_killed_process_left_is_taken_away(mirror: str, tmp_path: Path) -> None:
    old, young = tmp_path / ".fetching-old", tmp_path / ".fetching-young"
    for folder in (old, young):
        folder.mkdir()
    os.utime(old, (time.time() - 2 * fetching.LEFT_BEHIND,) * 2)
    fetch(SOURCES["fashion"], tmp_path, lambda _: None, files(mirror))
    assert not old.exists() and young.exists()


@pytest.mark.parametrize("name", NAMES[:2])
@pytest.mark.parametrize(
    "change", [lambda content: content[:-5], lambda content: b"", lambda content: b"\0\0\x08\x01" + content[4:40]]
)
def test_a_root_that_is_cut_or_altered_is_told(name: str, change, tmp_path: Path) -> None:
    raw = tmp_path / "KMNIST" / "raw"
    raw.mkdir(parents=True)
    for each in NAMES:
        (raw / each).write_bytes(gzip.decompress(CONTENT[f"{each}.gz"]))
    assert len(read_root("kmnist", tmp_path).images) == 70
    (raw / name).write_bytes(change((raw / name).read_bytes()))
    with pytest.raises(UnusableSet, match=r"KMNIST in .*Delete that folder"):
        read_root("kmnist", tmp_path)


def test_labels_beyond_the_classes_are_told(tmp_path: Path) -> None:
    raw = tmp_path / "MNIST" / "raw"
    raw.mkdir(parents=True)
    for name, array in zip(NAMES, (IMAGES, LABELS + 1, IMAGES, LABELS), strict=True):
        (raw / name).write_bytes(idx(array))
    with pytest.raises(UnusableSet, match=r"MNIST in .* labels that are none of its 10 classes"):
        mg.load_images("mnist", tmp_path)


def test_a_root_of_mnist_that_is_there_already_is_read(tmp_path: Path) -> None:
    raw = tmp_path / "MNIST" / "raw"
    raw.mkdir(parents=True)
    for name, array in zip(NAMES, (IMAGES, LABELS, IMAGES, LABELS), strict=True):
        (raw / name).write_bytes(idx(array))
    found = mg.load_images("mnist", root=tmp_path)
    assert found.kind.title == "MNIST" and np.array_equal(found.images, IMAGES)


def test_what_is_not_there_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    monkeypatch.chdir(tmp_path)
    assert cache_folder() == tmp_path / "mnistgrad"
    with pytest.raises(UnusableSet, match=r"Fashion-MNIST is not in .*mnistgrad; `download=True` fetches it"):
        mg.load_batch(5, images="fashion")
    with pytest.raises(ValueError, match=r"source is 'cifar'; allowed are"):
        mg.load_images("cifar")


def test_torchvision_says_what_to_fetch() -> None:
    for key, source in SOURCES.items():
        found = remotes(source)
        assert [file.name for file in found] == OF[key]
        assert all(len(file.md5) == 32 and all(each.startswith("http") for each in file.addresses) for file in found)
