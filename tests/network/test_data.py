"""MNIST from the package's own files: the real numbers, memory of its own, and files that are not as they were."""

import gzip
import hashlib
import subprocess
import sys
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Barrier

import pytest
import torch
from loops import over

from mnistgrad import load_batch
from mnistgrad.common.data_files import DataFileError
from mnistgrad.gradient.statistics import pixel_groups
from mnistgrad.network import data
from mnistgrad.network.data import IdxFile, ImageSet, mnist, read_idx

ROOT = Path(__file__).parents[2]
HEADER = bytes([0, 0, 8, 1, 0, 0, 0, 5])
CONTENT = HEADER + bytes([3, 1, 4, 1, 5])
DIGITS = IdxFile("digits.gz", 0x801, (5,), hashlib.sha256(CONTENT).hexdigest())


def test_mean_and_deviation_are_those_of_the_training_split() -> None:
    assert mnist().mean == pytest.approx(0.1304, abs=5e-5)
    assert mnist().std == pytest.approx(0.3073, abs=5e-5)


@over(("n", "black"), [(1, 618), (10, 414), (100, 283), (1_000, 175), (10_000, 111), (50_000, 67)])
def test_pixels_black_in_the_first_n_images(n: int, black: int) -> None:
    assert pixel_groups(load_batch(n).images).black.sum() == black


def test_the_first_labels_are_mnists() -> None:
    batch = load_batch(10)
    assert batch.labels.tolist() == [5, 0, 4, 1, 9, 2, 1, 3, 1, 4]
    assert batch.targ.tolist() == batch.labels.tolist()


@over("n", [1, 3, 50_000])
def test_a_batch_has_the_documented_shapes_and_dtypes(n: int) -> None:
    batch = load_batch(n)
    assert len(batch) == n
    assert [(tuple(t.shape), t.dtype) for t in (batch.inp, batch.targ, batch.images, batch.labels)] == [
        ((n, 784), torch.float32),
        ((n,), torch.float32),
        ((n, 28, 28), torch.uint8),
        ((n,), torch.int64),
    ]


def test_raw_pixels_are_the_bytes_over_256() -> None:
    batch = load_batch(20, normalise=False)
    assert torch.equal(batch.inp * 256, batch.images.view(20, 784).float())
    assert batch.inp.max() == 255 / 256


def test_normalised_pixels_have_mean_0_and_deviation_1() -> None:
    inp = load_batch(50_000).inp
    assert inp.mean(dtype=torch.float64).item() == pytest.approx(0, abs=1e-6)
    assert inp.double().std().item() == pytest.approx(1, abs=1e-6)
    assert inp[0, 0].item() == pytest.approx(-0.4245, abs=1e-4)  # black


def test_a_changed_batch_does_not_change_the_next() -> None:
    changed, kept = load_batch(3), load_batch(3)
    for tensor in (changed.inp, changed.targ, changed.images, changed.labels):
        tensor.fill_(7)
    again = load_batch(3)
    assert torch.equal(again.inp, kept.inp)
    assert torch.equal(again.targ, kept.targ)
    assert torch.equal(again.images, kept.images)
    assert torch.equal(again.labels, kept.labels)


def test_the_first_images_of_a_batch_are_views() -> None:
    batch = load_batch(9)
    few = batch.first(4)
    assert torch.equal(few.inp, load_batch(4).inp)
    for name in ("inp", "targ", "images", "labels"):
        assert getattr(few, name).data_ptr() == getattr(batch, name).data_ptr()
        assert len(getattr(few, name)) == 4


def test_a_gradient_on_one_view_is_not_on_another() -> None:
    batch = load_batch(9)
    one, other = batch.first(9), batch.first(9)
    one.inp.g = torch.zeros(1)
    assert not hasattr(other.inp, "g")
    assert not hasattr(batch.inp, "g")


@over("n", [0, -1, 50_001])
def test_a_count_out_of_range_is_refused(n: int) -> None:
    with pytest.raises(ValueError, match=f"n is {n}; allowed are 1 to 50,000"):
        load_batch(n)


@over("n", [2.0, "2", True, None])
def test_a_count_that_is_no_whole_number_is_refused(n: object) -> None:
    with pytest.raises(TypeError, match=f"n is {n!r}, of type {type(n).__name__}; a whole number is allowed"):
        load_batch(n)  # type: ignore[arg-type]


def test_more_images_than_the_batch_has_are_refused() -> None:
    with pytest.raises(ValueError, match="n is 10; allowed are 1 to 9"):
        load_batch(9).first(10)


def test_an_intact_file_is_read(tmp_path: Path) -> None:
    (tmp_path / DIGITS.name).write_bytes(gzip.compress(CONTENT))
    assert read_idx(DIGITS, tmp_path).tolist() == [3, 1, 4, 1, 5]


def flipped(content: bytes, place: int) -> bytes:
    return content[:place] + bytes([content[place] ^ 1]) + content[place + 1 :]


@pytest.mark.parametrize(
    ("stored", "reason"),
    [
        (CONTENT, "cannot be read"),
        (b"", "does not begin with the header"),
        (gzip.compress(CONTENT)[:-12], "is cut or damaged"),
        (gzip.compress(CONTENT)[:-4], "is cut or damaged"),
        (flipped(gzip.compress(CONTENT), -6), "cannot be read"),  # the checksum of gzip itself
        (gzip.compress(flipped(CONTENT, 10)), "has another checksum"),
        (gzip.compress(flipped(CONTENT, 3)), "does not begin with the header"),
        (gzip.compress(CONTENT[:5]), "does not begin with the header"),
        (gzip.compress(HEADER + bytes(4)), "holds 4 bytes after the header instead of 5"),
        (gzip.compress(HEADER + bytes(6)), "holds 6 bytes after the header instead of 5"),
    ],
    ids=[
        "not gzip",
        "empty",
        "cut body",
        "cut trailer",
        "damaged gzip",
        "altered byte",
        "other header",
        "cut header",
        "too few labels",
        "too many labels",
    ],
)
def test_a_file_that_is_not_as_it_was_is_named_with_a_remedy(tmp_path: Path, stored: bytes, reason: str) -> None:
    (tmp_path / DIGITS.name).write_bytes(stored)
    assert_refused(lambda: read_idx(DIGITS, tmp_path), tmp_path / DIGITS.name, reason)


def test_a_missing_file_is_named_with_a_remedy(tmp_path: Path) -> None:
    assert_refused(lambda: read_idx(DIGITS, tmp_path), tmp_path / DIGITS.name, "is missing")


def test_a_folder_in_the_files_place_is_named_with_a_remedy(tmp_path: Path) -> None:
    (tmp_path / DIGITS.name).mkdir()
    assert_refused(lambda: read_idx(DIGITS, tmp_path), tmp_path / DIGITS.name, "cannot be read")


def assert_refused(read: Callable[[], object], path: Path, reason: str) -> None:
    with pytest.raises(DataFileError) as raised:
        read()
    message = str(raised.value)
    assert str(path) in message
    assert reason in message
    assert "install mnistgrad again" in message


def test_threads_that_read_first_share_one_reading(monkeypatch: pytest.MonkeyPatch) -> None:
    files: list[str] = []

    def counted(expected: IdxFile) -> torch.Tensor:
        files.append(expected.name)
        return read_idx(expected)

    monkeypatch.setattr(data, "read_idx", counted)
    data._read_mnist.cache_clear()
    start = Barrier(4)

    def first_read(_: int) -> ImageSet:
        start.wait()
        return mnist()

    with ThreadPoolExecutor(4) as threads:
        found = list(threads.map(first_read, range(4)))
    assert len(files) == 2
    assert all(one is mnist() for one in found)


def test_a_failed_reading_is_tried_again(monkeypatch: pytest.MonkeyPatch) -> None:
    data._read_mnist.cache_clear()
    with monkeypatch.context() as patch:
        patch.setattr(data, "read_idx", lambda expected: read_idx(expected, Path("nowhere")))
        with pytest.raises(DataFileError):
            load_batch(1)
    assert load_batch(1).labels.item() == 5


def test_loading_a_batch_imports_no_torchvision_and_nothing_of_the_page() -> None:
    script = "import sys, mnistgrad; mnistgrad.load_batch(10); print(*{'torchvision', 'streamlit', 'altair'} & set(sys.modules))"
    run = subprocess.run([sys.executable, "-c", script], cwd=ROOT, capture_output=True, text=True, check=True)
    assert run.stdout.split() == []
