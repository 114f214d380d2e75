"""Files that are whole or not there."""

import os
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import IO, Any

USUAL_MODE = 0o644


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
