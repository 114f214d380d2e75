"""`mnistgrad explain`: lines of torch, operation by operation."""

from typing import Any

import click

from mnistgrad.app.command.options import EXPLAINED, Controlled, controls, looks, understood

EPILOG = """
\b
In a file, or in what comes through a pipe, comments may hold the shapes:
  # h: n=32, j=64
  # dlogits: n=32, k=27
  dW = h.t() @ dlogits
Nothing of it is executed. html is the player, which works offline. Example:
  mnistgrad explain 'dW = h.t() @ dlogits' --shapes 'h: n=32, j=64; dlogits: n=32, k=27' --out lesson.html
"""


@click.command(cls=Controlled, epilog=EPILOG)
@click.argument("lines", nargs=-1)
@click.option("--file", type=click.Path(dir_okay=False, allow_dash=True), help="Read the lines from it; - is what comes in.")
@click.option("--step", type=click.IntRange(1), help="This operation alone, from 1.")
@click.option("--format", "format_name", type=click.Choice(EXPLAINED), help="What comes out.  [default: as --out ends, or text]")
@looks
@click.option("--out", default="-", metavar="PATH", help="A file or a folder; - is the standard output.  [default: -]")
@controls("shapes", "n", "nh")
def explain(**given: Any) -> None:
    """Show what LINES of torch do: shapes, axes and small numbers, or where torch refuses.

    Nothing is executed but torch's own operations. n and j stand for --n and --nh where no size is typed.
    """
    if bool(given["lines"]) == bool(given["file"]):
        raise click.UsageError("Give the lines, each as an argument, or a --file that holds them.")
    from mnistgrad.app.command import explaining

    explaining.run(**understood(given))
