"""Waits for the warm-up, which runs beside the first page: a process that ends while torch still loads is aborted."""

from collections.abc import Iterator

import pytest

from mnistgrad.app.kept import results


@pytest.fixture(scope="session", autouse=True)
def warm() -> Iterator[None]:
    results.warm_up().join()
    yield
    results.warm_up().join()
