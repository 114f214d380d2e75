"""What options and pasted links ask for, in the words of a link; here what there is not is refused instead of put right."""

from collections.abc import Mapping, Sequence
from urllib.parse import parse_qs, urlsplit

import click

from mnistgrad.app.cards.fields import Link
from mnistgrad.app.command.options import PAGES
from mnistgrad.app.control_kinds import Choice, Control, Numeric, Several, Text
from mnistgrad.app.controls import CONTROLS, IMAGE_SET, State
from mnistgrad.app.kept.image_sets import image_set
from mnistgrad.app.link import OLD_LINKS
from mnistgrad.app.old_links import OLD_KEYS, counted, renewed
from mnistgrad.captions.plain import plain
from mnistgrad.common import numbers
from mnistgrad.network.sets.sources import UnusableSet

Query = dict[str, list[str]]
BY_KEY = {control.key: control for control in CONTROLS}


class Asked(Link):
    """A link that is taken at its word: what its page does not allow raises click.BadParameter, which says what is allowed."""

    def __init__(self, query: Mapping[str, Sequence[str]]) -> None:
        super().__init__(query)
        self.read: set[str] = set()  # the controls that something asked for

    def _values(self, control: Control) -> Sequence[str]:
        self.read.add(control.key)
        given = list(self._query.get(control.key, ()))
        found = control.mended(given)
        if isinstance(control, Several):
            odd = [value for value in given if value and value not in control.in_link]
        else:
            odd = given if found and not found.values else []
        if odd:
            raise click.BadParameter(f"{odd[-1]!r} is not possible; {allowed(control)}.", param_hint=f"'--{control.key}'")
        return found.values if found else given

    def state(self) -> State:
        """Raises click.ClickException for a set of images that is not on this machine."""
        try:
            image_set(self.choice(IMAGE_SET))
        except UnusableSet as error:
            raise click.ClickException(plain(str(error))) from None
        return super().state()


def allowed(control: Control) -> str:
    """By a control, in words."""
    if isinstance(control, Numeric):
        low, high = (numbers.count(end) for end in (control.low, control.high))
        return f"allowed is {low}" if low == high else f"allowed are {low} to {high}"
    if isinstance(control, Text):
        return f"allowed are {control.longest} characters"
    assert isinstance(control, Choice)
    return f"allowed are {', '.join(repr(choice) for choice in control.in_link)}"


def spelt(query: Query, count: str) -> Query:
    """The same in the spelling of a link: of a choice its beginning is enough, and several stand with commas between them.

    count: the control that a number of images is meant for, where one stands for their set.
    """
    found: Query = {}
    for key, values in query.items():
        if key == "images" and values[-1].replace(",", "").isdecimal():
            key = count
        control = BY_KEY[key]
        if isinstance(control, Several):
            values = [part for value in values for part in _parts(control, value)]
        found[key] = [_spelt(control, value) for value in values]
    return found


def _parts(control: Several[object], value: str) -> list[str]:
    """A choice may have commas in itself."""
    whole = [choice for choice in control.in_link if "," in choice and choice in value]
    for choice in whole:
        value = value.replace(choice, "")
    return [*whole, *filter(None, (part.strip() for part in value.split(",")))]


def _spelt(control: Control, value: str) -> str:
    if isinstance(control, Numeric):
        return value.replace(",", "")
    if not isinstance(control, Choice) or not value or value in (*control.in_link, *control.also):
        return value
    begins = [choice for choice in (*control.in_link, *control.also) if _plain(choice).startswith(_plain(value))]
    return begins[0] if len(begins) == 1 else value


def _plain(text: str) -> str:
    return text.replace(",", "").casefold()


def linked(link: str) -> tuple[str, Query]:
    """The page and the query of a link, whole or as far as its page: "gradient?n=10"; links of earlier are read too."""
    parts = urlsplit(link)
    page = parts.path.rstrip("/").rpartition("/")[2] or PAGES[0]
    query: Query = parse_qs(parts.query, keep_blank_values=True)
    if page in OLD_LINKS:
        page, chosen = OLD_LINKS[page]
        query |= {key: list(values) for key, values in chosen.items()}
    if page not in PAGES:
        raise click.BadParameter(f"{page!r} is no page; there are {', '.join(PAGES)}.", param_hint="'--link'")
    if OLD_KEYS & query.keys():
        query = renewed(query)
    return page, {key: values for key, values in (counted(query) or query).items() if key in BY_KEY}
