"""The work of `mnistgrad export`."""

from collections.abc import Sequence
from functools import partial

import click

from mnistgrad.app.cards import bundle
from mnistgrad.app.command.asking import Query, linked, spelt
from mnistgrad.app.command.delivering import Piece, check_target, counted, deliver, progress
from mnistgrad.app.command.options import ALL, PAGES, ZIP, Look
from mnistgrad.app.command.pictures import Shown, depending, picked, pieces_of, shown_on


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
    if ZIP in formats and (len(formats) > 1 or cards or lists or look.purpose != "screen"):
        raise click.UsageError(
            "--format zip holds all of a page as it is; leave out other formats, --card, --list and --purpose."
        )
    of_link, query = linked(link) if link else (None, {})
    own = spelt(asked, count="n")
    wanted = page or of_link or ALL
    query = spelt(query, count="n") | own
    pages = PAGES if wanted == ALL else (wanted,)
    if ZIP in formats:
        _check(own, set[str]().union(*(depending(each, query, look) for each in pages)))
        asked_for = bundle.Asked(pages, query, look.theme, look.address)
        deliver([Piece(bundle.file_name(asked_for), partial(_zip, asked_for))], out)
        return
    shown: list[Shown] = []
    read = set[str]()
    with progress(len(pages)) as step:
        for each in pages:
            found, depend = shown_on(each, query, cards, look)
            shown, read = shown + found, read | depend
            step(each)
    _check(own, read)
    shown = picked(shown, cards)
    if lists:
        _list(shown)
    elif shown:
        deliver(pieces_of(shown, formats, look), out)
    else:
        raise click.ClickException("There is no picture in this state.")


def _zip(asked: bundle.Asked) -> bytes:
    with counted() as step:
        return bundle.bundle(asked, step)


def _check(own: Query, read: set[str]) -> None:
    """own: of options; read: the controls that something depends on."""
    if idle := [f"--{key}" for key in own if key not in read]:
        raise click.UsageError(f"{' and '.join(idle)} changes nothing in what is shown here.")


def _list(shown: Sequence[Shown]) -> None:
    """A line each: page, card and title, with tabs between them."""
    for each in shown:
        click.echo("\t".join([each.about.page, each.name, each.about.plain_title]))
