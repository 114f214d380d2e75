"""`mnistgrad export`: every picture and its data as files."""

from typing import Any

import click

from mnistgrad.app.command.options import (
    ALL,
    OF_PAGE,
    PAGES,
    PICTURES,
    SHARED,
    TABLES,
    ZIP,
    Controlled,
    Listed,
    controls,
    looks,
    understood,
)

EPILOG = """
\b
A control takes what it takes in a link: --layer w2.g; of a choice or KEY its beginning is enough.
What it allows is said of a value that it does not. --images takes a number too, and means n.
Prints the path of each file. zip is what "Everything" makes below a page: pictures, data, lesson, script, notebook and a report
in one file. Examples:
  mnistgrad export --page gradient --images 1000 --seed 0 --format svg,pdf --out slides/
  mnistgrad export --page all --n 100 --format zip --out lesson.zip
"""


@click.command(cls=Controlled, epilog=EPILOG)
@click.option("--page", type=click.Choice([*PAGES, ALL]), help="The page whose pictures are exported.")
@click.option("--link", metavar="LINK", help="A page with what is chosen there, pasted: 'gradient?n=10&layer=w2'.")
@click.option("--card", "cards", multiple=True, metavar="KEY", help="Of this card, or this picture, alone; may be given again.")
@click.option("--list", "lists", is_flag=True, help="List the cards instead, with the title of each.")
@click.option(
    "--format",
    "formats",
    type=Listed([*PICTURES, *TABLES, ZIP]),
    default="svg",
    show_default=True,
    metavar="NAMES",
    help=f"Some of {', '.join([*PICTURES, *TABLES])}; csv and json are the data. Or {ZIP}: everything.",
)
@looks
@click.option("--out", default=".", metavar="PATH", help="A folder, or for one file its name, or - for the standard output.")
@controls(*SHARED, *(name for names in OF_PAGE.values() for name in names))
def export(**given: Any) -> None:
    """Write pictures, or their data, without a browser."""
    if not (given["page"] or given["link"] or given["lists"]):
        raise click.UsageError(f"Name a --page ({', '.join([*PAGES, ALL])}) or a --link.")
    from mnistgrad.app.command import exporting

    exporting.run(**understood(given))
