"""Collects what the benchmarks find, prints it as one table when they are done, and fails the run where a budget is exceeded."""

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
    found = all_found(terminalreporter)
    if found:
        terminalreporter.write_line("\n" + table(HEAD, [one.row() for one in found]))
    for one in found:
        if one.is_over:
            terminalreporter.write_line(f"over its budget: {one.name}", red=True)


@pytest.hookimpl(tryfirst=True)  # the terminal's own sums up with the status that this leaves
def pytest_sessionfinish(session: pytest.Session, exitstatus: int) -> None:
    reporter = session.config.pluginmanager.get_plugin("terminalreporter")
    if reporter and exitstatus == pytest.ExitCode.OK and any(one.is_over for one in all_found(reporter)):
        session.exitstatus = pytest.ExitCode.TESTS_FAILED


def all_found(reporter: pytest.TerminalReporter) -> list[Found]:
    passed = [report for report in reporter.getreports("passed") if report.when == "call"]
    return [Found(**json.loads(told)) for report in passed for name, told in report.user_properties if name == FOUND]
