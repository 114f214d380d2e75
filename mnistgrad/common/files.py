"""Files that are whole or not there."""

import os
import shutil
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import NamedTemporaryFile, TemporaryDirectory
from typing import IO, Any

USUAL_MODE = 0o644
_begun: set[str] = set()  # folders


@contextmanager
def replacing(path: Path, mode: str = "w") -> Iterator[IO[Any]]:
    """A new file, opened in this mode, which takes the place of `path` once it is written to its end.

    If that fails, the old one stays as it was. Raises OSError at once where its folder cannot be written to.
    """
    with NamedTemporaryFile(mode, dir=path.parent, prefix=f".{path.name}-", delete=False) as file:
        try:
            yield file
            file.flush()
            os.chmod(file.name, stat.S_IMODE(path.stat().st_mode) if path.exists() else USUAL_MODE)
            os.replace(file.name, path)
        except BaseException:
            os.unlink(file.name)
            raise


@contextmanager
def begun(folder: Path, prefix: str) -> Iterator[Path]:
    """A new folder in this one for what is not whole yet; gone afterwards."""
    with TemporaryDirectory(prefix=prefix, dir=folder) as made:
        _begun.add(made)
        try:
            yield Path(made)
        finally:
            _begun.discard(made)


def drop_begun() -> None:
    """Where the process ends before what it began is whole."""
    for made in [*_begun]:
        shutil.rmtree(made, ignore_errors=True)
