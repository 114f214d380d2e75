"""Typed lines may take as long as a busy machine needs: the limit of seconds is for readers, and has its own test."""

from collections.abc import Iterator

import pytest
from patience import SOON


@pytest.fixture(scope="package", autouse=True)
def no_hurry() -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr("mnistgrad.lines.rules.MOST_SECONDS", SOON)
        yield
