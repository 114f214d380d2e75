"""A data file of the package that is not as it was: the error, which says how to restore it here."""

from pathlib import Path

PACKAGE = Path(__file__).parents[1]
INSTALL_AGAIN = "install mnistgrad again, from where it came: `pip install --force-reinstall --no-deps …`"


class DataFileError(Exception):
    """A data file of the package is missing, cut or altered; the message names it and the remedy.

    told: the same for readers of a page, to whom no path of this machine is told.
    """

    def __init__(self, message: str, told: str) -> None:
        super().__init__(message)
        self.told = told


def unusable(path: Path, reason: str, why: object = "") -> DataFileError:
    """The error for this file; the reason reads on after its path ("is missing"). why: another's words, not for readers."""
    clone, name = PACKAGE.parent, path.name
    if path.is_relative_to(PACKAGE):
        name = path.relative_to(clone).as_posix()
    in_clone = (clone / ".git").exists() and path.is_relative_to(PACKAGE)
    remedy = f"run `git checkout -- {name}`" if in_clone else INSTALL_AGAIN
    given = f" ({why})" if str(why) else ""
    message = f"The data file {path} {reason}{given}. To restore it, {remedy}{f' in {clone}' if in_clone else ''}."
    return DataFileError(message, f"The data file {name} {reason}. To restore it, {remedy}.")
