"""`mnistgrad run` starts the dashboard from any folder."""

from pathlib import Path

import click

APP = Path(__file__).parents[1]
# In an installed package, and in a checkout. Streamlit reads the configuration that lies beside the file it runs.
DASHBOARDS = (APP / "entry" / "dashboard.py", APP.parents[1] / "dashboard.py")
MISSING = "Cannot start the dashboard: {} is not installed. Install mnistgrad again, with all that it requires."


@click.command(
    context_settings={"ignore_unknown_options": True},
    epilog="Other options go to Streamlit: --server.port 8600, --server.headless true, …",
    options_metavar="[-h] [--OPTION VALUE ...]",
)
@click.argument("options", nargs=-1, type=click.UNPROCESSED, metavar="")
def run(options: tuple[str, ...]) -> None:
    """Start the dashboard and open it in the browser; Ctrl-C ends it."""
    if options and not options[0].startswith("--"):
        raise click.UsageError(f"Got unexpected extra argument ({options[0]})")
    try:
        from streamlit.web.cli import main as streamlit

        from mnistgrad.app.guard.alone import ask_nobody
    except ModuleNotFoundError as error:
        raise click.ClickException(MISSING.format(error.name)) from None
    dashboard = next((path for path in DASHBOARDS if path.exists()), None)
    if dashboard is None:
        raise click.ClickException(MISSING.format(DASHBOARDS[0]))
    ask_nobody()
    streamlit(["run", str(dashboard), *options], prog_name="mnistgrad")
