"""Fetches a set's files into a root as torchvision lays it out: with progress, an end to it, and every checksum looked at."""

import errno
import gzip
import hashlib
import shutil
import time
import zipfile
import zlib
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from http.client import HTTPException
from pathlib import Path
from urllib.error import HTTPError, URLError
from urllib.parse import urlsplit
from urllib.request import Request, urlopen

from mnistgrad.common import numbers
from mnistgrad.common.files import begun
from mnistgrad.network.sets.sources import Remote, Source, UnusableSet, remotes

PART = 1 << 16  # bytes at a time
PATIENCE = 10.0  # seconds that a server may say nothing
BEGUN = ".fetching-"  # a folder of what is not whole yet
LEFT_BEHIND = 86_400.0  # seconds; older ones are of a process that was killed
KINDLY = {"User-Agent": "mnistgrad"}

Progress = Callable[[int], None]  # told how many bytes have come; what it raises ends the fetching


def fetch(
    source: Source, root: Path, progress: Progress, files: Sequence[Remote] | None = None, patience: float = PATIENCE
) -> None:
    """Fetch the set into the root; all of it or nothing.

    files: instead of those that torchvision names. patience: seconds that a server may say nothing. Raises UnusableSet, which
    says what is in the way: no connection, another answer, a file that is cut or altered, no space, no permission.
    """
    try:
        root.mkdir(parents=True, exist_ok=True)
        _sweep(root)
        need, free = source.download + source.unpacked, shutil.disk_usage(root).free
        if free < need:
            free_there = f"only {numbers.byte_count(free)} are free there"
            needs = f"{source.title} needs {numbers.byte_count(need)}"
            raise UnusableSet(f"{needs} in {root}, and {free_there}.", f"{needs}, and {free_there}.")
        with begun(root, BEGUN) as folder:
            _fetch_all(source, folder, progress, remotes(source) if files is None else files, patience)
            _put(folder / "raw", root / source.folder / "raw")
    except OSError as error:
        told = f"{source.title} cannot be kept on this machine: {_told(error)}."
        raise UnusableSet(f"{source.title} cannot be kept in {root}: {_told(error)}.", told) from error
    except (zlib.error, EOFError, zipfile.BadZipFile) as error:
        raise UnusableSet(f"{source.title} came, and cannot be unpacked: {' '.join(str(error).split())}.") from error


def _fetch_all(source: Source, folder: Path, progress: Progress, files: Sequence[Remote], patience: float) -> None:
    raw, come = folder / "raw", 0
    raw.mkdir()
    for file in files:
        come = _from_any(file, folder / file.name, come, progress, patience)
        if file.name.endswith(".zip"):
            _unpack_archive(folder / file.name, raw, source.wanted, partial(progress, come))
        else:
            _unpack(folder / file.name, raw / file.name.removesuffix(".gz"), partial(progress, come))
        (folder / file.name).unlink()


def _from_any(file: Remote, path: Path, come: int, progress: Progress, patience: float) -> int:
    """The file from the first address that has it; and how many bytes have come by then."""
    failures = []
    for address in file.addresses:
        try:
            return _download(file, address, path, come, progress, patience)
        except UnusableSet as error:
            failures.append(error)
    raise failures[-1]


def _download(file: Remote, address: str, path: Path, come: int, progress: Progress, patience: float) -> int:
    digest = hashlib.md5(usedforsecurity=False)
    with path.open("wb") as written:
        for part in _parts(file, address, patience):
            written.write(part)
            digest.update(part)
            come += len(part)
            progress(come)
    if digest.hexdigest() != file.md5:
        raise UnusableSet(f"{file.name} from {urlsplit(address).hostname} has another checksum than it should.")
    return come


def _parts(file: Remote, address: str, patience: float) -> Iterator[bytes]:
    """What comes from the address, in parts. What goes wrong there is told as such; what its taker does with a part is not."""
    host, size = urlsplit(address).hostname, 0
    try:
        with urlopen(Request(address, headers=KINDLY), timeout=patience) as answer:
            wanted = answer.length
            while part := answer.read1(PART):
                size += len(part)
                yield part
    except HTTPError as error:
        error.close()
        raise UnusableSet(f"{host} answered {error.code} for {file.name}.") from None
    except (OSError, HTTPException) as error:
        raise UnusableSet(f"{file.name} could not be fetched from {host}: {_missing(error)}.") from None
    if wanted is not None and size < wanted:
        raise UnusableSet(f"{file.name} from {host} broke off after {size:,} of {wanted:,} bytes.")


def _missing(error: BaseException) -> str:
    """Why nothing more came."""
    cause = error.reason if isinstance(error, URLError) else error
    if isinstance(cause, TimeoutError):
        return "it says nothing"
    return " ".join(str(getattr(cause, "strerror", None) or cause).split()).rstrip(".") or "the connection broke off"


def _unpack(packed: Path, path: Path, go_on: Callable[[], None]) -> None:
    with gzip.open(packed) as content:
        _copy(content, path, go_on)


def _unpack_archive(archive: Path, raw: Path, wanted: str, go_on: Callable[[], None]) -> None:
    """Those files of an archive of gzip files whose names begin as is wanted."""
    with zipfile.ZipFile(archive) as files:
        for name in files.namelist():
            base = name.rpartition("/")[2]
            if base.startswith(wanted) and base.endswith(".gz"):
                with files.open(name) as packed, gzip.open(packed) as content:
                    _copy(content, raw / base.removesuffix(".gz"), go_on)


def _copy(content: gzip.GzipFile, path: Path, go_on: Callable[[], None]) -> None:
    with path.open("wb") as written:
        while part := content.read(PART):
            written.write(part)
            go_on()


def _put(raw: Path, place: Path) -> None:
    place.mkdir(parents=True, exist_ok=True)
    for path in sorted(raw.iterdir()):
        path.replace(place / path.name)


def _sweep(root: Path) -> None:
    """What processes left behind that were killed while they fetched."""
    for left in root.glob(f"{BEGUN}*"):
        if time.time() - left.stat().st_mtime > LEFT_BEHIND:
            shutil.rmtree(left, ignore_errors=True)


def _told(error: OSError) -> str:
    if error.errno in (errno.ENOSPC, errno.EDQUOT):
        return "there is no space left"
    if error.errno in (errno.EACCES, errno.EPERM, errno.EROFS):
        return "it may not be written to"
    return " ".join(str(error.strerror or error).split()).rstrip(".")
