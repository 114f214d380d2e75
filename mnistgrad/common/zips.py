"""Zips that are the same whenever the same goes into them."""

import io
import zipfile
from collections.abc import Mapping

BEGINNING = (1980, 1, 1, 0, 0, 0)  # of every member
STORED = ("png", "pdf", "gz")  # endings of what is squeezed already


def put(made: zipfile.ZipFile, name: str, content: bytes) -> None:
    """Add a file."""
    member = zipfile.ZipInfo(name, BEGINNING)
    member.external_attr = 0o644 << 16
    made.writestr(member, content, zipfile.ZIP_STORED if name.rpartition(".")[2] in STORED else zipfile.ZIP_DEFLATED)


def zipped(files: Mapping[str, bytes]) -> bytes:
    """By name."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as made:
        for name, content in files.items():
            put(made, name, content)
    return file.getvalue()
