"""A data file of the package that is not as it was: the error, which says how to restore it here."""

from pathlib import Path

PACKAGE = Path(__file__).parents[1]
INSTALL_AGAIN = "install mnistgrad again, from where it came: `pip install --force-reinstall --no-deps …`"


class DataFileError(Exception):
    """A data file of the package is missing, cut or altered; the message names it and the remedy."""


def unusable(path: Path, reason: str) -> DataFileError:
    """The error for this file; the reason reads on after its path ("is missing")."""
    return DataFileError(f"The data file {path} {reason}. To restore it, {_remedy(path)}.")


def _remedy(path: Path) -> str:
    clone = PACKAGE.parent
    if (clone / ".git").exists() and path.is_relative_to(PACKAGE):
        return f"run `git checkout -- {path.relative_to(clone).as_posix()}` in {clone}"
    return INSTALL_AGAIN
