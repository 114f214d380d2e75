"""The command itself: which commands there are, and how each of them ends."""

import sys
from collections.abc import Sequence
from typing import NoReturn

import click

from mnistgrad import __version__
from mnistgrad.app.command.explain import explain
from mnistgrad.app.command.export import export
from mnistgrad.app.command.measure import measure
from mnistgrad.app.command.run import run
from mnistgrad.app.command.start import FAILED, INTERRUPTED, end_at_once
from mnistgrad.app.command.sweep import sweep
from mnistgrad.app.command.train import train
from mnistgrad.captions.plain import plain
from mnistgrad.common.data_files import DataFileError
from mnistgrad.lines.rules import BrokenRule

NAME = "mnistgrad"
EPILOG = """
\b
Exit codes: 0 done, 1 it could not be done, 2 not understood, 130 ended by Ctrl-C.
Completion, for the file that your shell reads first:
  bash  eval "$(_MNISTGRAD_COMPLETE=bash_source mnistgrad)"
  zsh   eval "$(_MNISTGRAD_COMPLETE=zsh_source mnistgrad)"
  fish  _MNISTGRAD_COMPLETE=fish_source mnistgrad | source
"""


@click.group(epilog=EPILOG, no_args_is_help=False, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name=NAME, message="%(prog)s %(version)s")
def commands() -> None:
    """See where a weight gradient comes from: in the browser by `mnistgrad run`, or here."""


for command in (run, export, explain, measure, train, sweep):
    commands.add_command(command)


def main(arguments: Sequence[str] | None = None) -> NoReturn:
    """Carry out the command; it ends the process."""
    try:
        commands.main(arguments, NAME, standalone_mode=False)
        sys.stdout.flush()
    except click.exceptions.Exit as ended:
        sys.exit(ended.exit_code)
    except click.ClickException as error:
        error.show()
        sys.exit(error.exit_code)
    except (DataFileError, BrokenRule) as error:
        click.echo(f"Error: {plain(str(error))}", err=True)
        sys.exit(FAILED)
    except click.Abort:
        end_at_once(INTERRUPTED)
    except BrokenPipeError:  # whoever read it has gone
        end_at_once(FAILED)
    sys.exit(0)
