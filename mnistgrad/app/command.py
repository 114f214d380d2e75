"""The command `mnistgrad`: `mnistgrad run` starts the dashboard from any folder."""

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

from mnistgrad import __version__

HERE = Path(__file__).parent
# In an installed package, and in a checkout. Streamlit reads the configuration that lies beside the file it runs.
DASHBOARDS = (HERE / "entry" / "dashboard.py", HERE.parents[1] / "dashboard.py")
MISSING = "mnistgrad: cannot start the dashboard: {} is not installed. Install mnistgrad again, with all that it requires."


def main(arguments: Sequence[str] | None = None) -> None:
    """Carry out the command; it ends the process. Exit status 2 for what it does not understand, 1 for what it cannot do."""
    parser = argparse.ArgumentParser("mnistgrad", description="See where a weight gradient comes from.", allow_abbrev=False)
    parser.add_argument("--version", action="version", version=f"mnistgrad {__version__}")
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")
    run = commands.add_parser(
        "run",
        usage="mnistgrad run [-h] [--OPTION VALUE ...]",
        help="start the dashboard and open it in the browser; Ctrl-C ends it",
        description="Start the dashboard and open it in the browser; Ctrl-C ends it.",
        epilog="Other options go to Streamlit: --server.port 8600, --server.headless true, …",
        allow_abbrev=False,
    )
    _, rest = parser.parse_known_args(arguments)
    if rest and not rest[0].startswith("--"):
        run.error(f"unknown argument: {rest[0]}")
    _start(rest)


def _start(options: list[str]) -> None:
    try:
        from streamlit.web.cli import main as streamlit
    except ModuleNotFoundError as error:
        sys.exit(MISSING.format(error.name))
    dashboard = next((path for path in DASHBOARDS if path.exists()), None)
    if dashboard is None:
        sys.exit(MISSING.format(DASHBOARDS[0]))
    streamlit(["run", str(dashboard), *options], prog_name="mnistgrad")
