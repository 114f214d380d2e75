"""The work of `mnistgrad export`."""

from collections.abc import Sequence

import click

from mnistgrad.app.command.asking import Query, linked, spelt
from mnistgrad.app.command.delivering import check_target, deliver, progress
from mnistgrad.app.command.options import ALL, PAGES, Look
from mnistgrad.app.command.pictures import Shown, picked, pieces_of, shown_on


def run(
    asked: Query,
    page: str | None,
    link: str | None,
    cards: Sequence[str],
    lists: bool,
    formats: Sequence[str],
    look: Look,
    out: str,
) -> None:
    """page: "all" for every page."""
    check_target(out, one=True)
    of_link, query = linked(link) if link else (None, {})
    own = spelt(asked, count="n")
    wanted = page or of_link or ALL
    shown: list[Shown] = []
    read = set[str]()
    pages = PAGES if wanted == ALL else [wanted]
    with progress(len(pages)) as step:
        for each in pages:
            found, depend = shown_on(each, spelt(query, count="n") | own, cards, look)
            shown, read = shown + found, read | depend
            step(each)
    if idle := [f"--{key}" for key in own if key not in read]:
        raise click.UsageError(f"{' and '.join(idle)} changes nothing in what is shown here.")
    shown = picked(shown, cards)
    if lists:
        _list(shown)
    elif shown:
        deliver(pieces_of(shown, formats, look), out)
    else:
        raise click.ClickException("There is no picture in this state.")


def _list(shown: Sequence[Shown]) -> None:
    """A line each: page, card and title, with tabs between them."""
    for each in shown:
        click.echo("\t".join([each.about.page, each.name, each.about.plain_title]))
