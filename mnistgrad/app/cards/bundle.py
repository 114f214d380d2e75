"""Everything of a page, or of all pages, in one zip: pictures, data, the state, the lesson, the recomputation and a report."""

import json
import platform
import zipfile
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from importlib.metadata import version
from io import BytesIO

from mnistgrad import __version__
from mnistgrad.app.cards import steps
from mnistgrad.app.cards.card import Card, about, link_to
from mnistgrad.app.cards.fields import Link
from mnistgrad.app.cards.pages import PAGES, VIEWS, cards_of
from mnistgrad.app.cards.recomputing import DOCUMENTS, document, own_images
from mnistgrad.app.controls import LAYER, LINES, SHAPES, VIEW
from mnistgrad.app.kept import lines as kept_lines
from mnistgrad.app.kept import results
from mnistgrad.app.kept import steps as kept_steps
from mnistgrad.app.kept import story as kept_story
from mnistgrad.captions import takeaway as says
from mnistgrad.captions.plain import plain
from mnistgrad.captions.story import headline
from mnistgrad.common.zips import put
from mnistgrad.lines.rules import BrokenRule
from mnistgrad.pictures.about import About, Purpose, theme_for
from mnistgrad.pictures.diagrams.svg import slug
from mnistgrad.pictures.export import Picture, export, formats_of
from mnistgrad.pictures.sheet.sheet import shown_in_short
from mnistgrad.player.lesson_file import lesson_page
from mnistgrad.takeaway.report import Chapter, Figure, Part, report

Query = Mapping[str, Sequence[str]]
FORMATS = ("SVG", "PNG", "PDF", "CSV")
LIBRARIES = ("torch", "numpy", "pandas", "altair", "vl-convert-python", "streamlit")


@dataclass(frozen=True)
class Asked:
    """pages: paths of pages. query: of the link. address: of the dashboard, without a page; "" where unknown. formats: of the
    pictures, by the names that `formats_of` has.
    """

    pages: tuple[str, ...]
    query: Query
    theme: str
    address: str = ""
    formats: tuple[str, ...] = FORMATS

    def link(self, page: str) -> str:
        return link_to(page, self.query, self.address)


def file_name(asked: Asked) -> str:
    """`mnistgrad-story-n1000-seed0.zip`."""
    state = Link(asked.query).state()
    page = asked.pages[0] if len(asked.pages) == 1 else "all-pages"
    return f"mnistgrad-{page}-n{state.n}-seed{state.seed}.zip"


def bundle(asked: Asked, step: Callable[[int, int], None] = lambda done, total: None) -> bytes:
    """The zip. step: told how many of how many cards are done, 0 of 0 at first; may raise, to end it.

    Raises BrokenRule where the link's lines cannot be read, DataFileError.
    """
    shown: list[tuple[str, Query, Card]] = []
    for page, query in _views(asked):
        step(0, 0)
        shown += [(page, query, card) for card in cards_of(page, query, asked.theme)]
    file, told = BytesIO(), []
    chapters: dict[str, list[Part]] = {}
    with zipfile.ZipFile(file, "w") as made:
        for done, (page, query, card) in enumerate(shown):
            step(done, len(shown))
            of = about(card, page, query, asked.address)
            pictures = card.pictures()
            members = [
                member
                for name, picture in pictures.items()
                for member in _files(picture, of.named(name), _place(page, done, card, name), asked.formats)
            ]
            for name, content in members:
                put(made, name, content)
            chapters.setdefault(page, []).append(_part(card, of, asked.theme))
            told.append(dict(page=page, card=card.key, title=of.plain_title, says=of.plain_sentence, line=card.line, link=of.link,
                             files=[name for name, _ in members]))  # fmt: skip
        for name, content in _documents(asked, chapters, told):
            put(made, name, content)
        step(len(shown), len(shown))
    return file.getvalue()


def _views(asked: Asked) -> Iterator[tuple[str, Query]]:
    """The pages, and where there are several of them each view of the gradient."""
    for page in asked.pages:
        views = [{VIEW.key: [VIEW.shown(view)]} for view in VIEWS] if page == "gradient" and len(asked.pages) > 1 else [{}]
        yield from ((page, {**asked.query, **view}) for view in views)


def _place(page: str, number: int, card: Card, name: str) -> str:
    """Of a picture's files in the zip, without their ending."""
    return f"{page}/{number + 1:02d}-{card.key}{'-' * bool(name)}{slug(name.lower().encode('ascii', 'ignore').decode())}"


def _files(picture: Picture, of: About, place: str, formats: Iterable[str]) -> Iterator[tuple[str, bytes]]:
    for name, kind in formats_of(picture).items():
        if name in formats:
            yield f"{place}.{kind.ending}", export(picture, name, of)


def _part(card: Card, of: About, theme: str) -> Part:
    """The words stand beside the pictures in a report, so these come without; on white as for paper, where words are larger."""
    bare = replace(of, title="", sentence="", state="", link="")
    purpose: Purpose = "print" if theme == theme_for("print", theme) else "screen"
    pictures = card.drawn_for(purpose, bare)
    own = not of.sentence or len(pictures) > 1
    figures = [
        Figure(name, export(each, "SVG", bare, purpose), each.description, plain(shown_in_short(each)) if own else "")
        for name, each in pictures.items()
    ]
    return Part(of, figures, card.line)


def _documents(asked: Asked, chapters: Mapping[str, Sequence[Part]], told: object) -> Iterator[tuple[str, bytes]]:
    """What stands in the zip beside the pictures."""
    link = Link(asked.query)
    state, layer, first = link.state(), link.choice(LAYER), asked.pages[0]
    title = headline(results.weight_gradient(state, "w1")) if first == "story" else says.TITLES[first]
    found = [Chapter(says.TITLES[page], parts) for page, parts in chapters.items()]
    yield "report.html", report(title, f"mnistgrad · {state.line}", found, asked.theme).encode()
    versions = {"mnistgrad": __version__, "python": platform.python_version()} | {each: version(each) for each in LIBRARIES}
    whole = dict(
        state=vars(state), pages=asked.pages, query=dict(asked.query), link=asked.link(first), versions=versions, cards=told
    )
    yield "state.json", (json.dumps(whole, ensure_ascii=False, indent=1) + "\n").encode()
    for name, page_of_it in _lessons(asked, link):
        yield name, page_of_it.encode()
    for ending in DOCUMENTS:
        yield f"recompute.{ending}", document(state, layer, asked.link(first), ending)
    yield from own_images(state.images).items()


def _lessons(asked: Asked, link: Link) -> Iterator[tuple[str, str]]:
    """The player as a file: of the reader's own lines, of the pass, or of the line itself, as the pages show them."""
    state, pages = link.state(), asked.pages
    if "line" in pages:
        with suppress(BrokenRule):
            yield "lesson-own-line.html", lesson_page(kept_lines.lesson(link.text(LINES), link.text(SHAPES), state))
    if "steps" in pages:
        form, scope = steps.chosen_program(state, link)
        played = kept_steps.lesson_of_pass(state, form, scope, steps.chosen_window(state, form, link), asked.theme)
        yield "lesson-steps.html", lesson_page(played, [asked.theme])
    if pages not in (("line",), ("steps",)):
        yield "lesson.html", lesson_page(kept_story.lesson_of_line(state, asked.theme), [asked.theme])


ALL = tuple(PAGES)
