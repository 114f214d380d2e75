"""Collects what the benchmarks find, and prints it as one table when they are done."""

import json
from collections.abc import Callable
from dataclasses import asdict

import pytest
from benchmarks.ruler import HEAD, Found, table

FOUND = "found"


@pytest.fixture
def tell(record_property: Callable[[str, object], None]) -> Callable[[Found], None]:
    """Keeps it for the table, and for a report by --junitxml, which compare.py reads."""
    return lambda found: record_property(FOUND, json.dumps(asdict(found)))


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    passed = [report for report in terminalreporter.getreports("passed") if report.when == "call"]
    rows = [Found(**json.loads(told)).row() for report in passed for name, told in report.user_properties if name == FOUND]
    if rows:
        terminalreporter.write_line("\n" + table(HEAD, rows))
