"""Options that several commands share; those for the controls bear the names that these have in a link."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any, TypeVar

import click
from click.shell_completion import CompletionItem

from mnistgrad.pictures.about import PURPOSES, Purpose, theme_for

F = TypeVar("F", bound=Callable[..., Any])
PAGES = ("story", "steps", "line", "gradient", "cost", "training")
ALL = "all"  # of the pages
SHARED = ("n", "preset", "normalise", "seed", "nh", "images")
OF_PAGE = {  # its controls beside the shared ones, as far as they change a picture
    "story": ("first", "added", "column"),
    "steps": ("form", "scope", "step", "image1", "image2", "image3", "pixel", "unit"),
    "line": ("lines", "shapes"),
    "gradient": ("view", "layer", "row", "column", "variance", "order", "scale", "added", "labels", "off", "compare"),
    "cost": ("workers",),
    "training": ("network", "rate", "tiles"),
}
TRAINED = ("network", "methods", "rate", "steps", "trained", "batch", "seeds")
LABELS = {  # as the table of controls has them, which takes seconds to load
    "n": "Sample count, n",
    "preset": "Preset",
    "normalise": "Normalise the pixels",
    "seed": "Seed of the weights",
    "nh": "Hidden units, nh",
    "images": "Images",
    "first": "First of the six rows",
    "form": "How w.g is written",
    "scope": "Step through",
    "step": "Step",
    "image1": "First image",
    "image2": "Second image",
    "image3": "Third image",
    "pixel": "First of five pixels",
    "unit": "First of four units",
    "lines": "Lines",
    "shapes": "Shapes of what goes in",
    "view": "View of the matrix",
    "layer": "Layer",
    "row": "Row",
    "column": "Column",
    "variance": "Variance of",
    "order": "Units sorted by",
    "scale": "Colour scale of the tiles",
    "added": "Images added",
    "labels": "Digits that count",
    "off": "Images switched off",
    "compare": "Seeds to compare",
    "largest": "Most images",
    "budget": "Memory budget",
    "workers": "Workers, K",
    "network": "Network",
    "methods": "Train with",
    "rate": "Rate",
    "steps": "Steps",
    "trained": "Images",
    "batch": "Images a step",
    "seeds": "Seeds to compare",
    "tiles": "Weights of the first layer",
}
PICTURES = ("svg", "png", "pdf", "html", "vega-lite")
TABLES = ("csv", "json")
ZIP = "zip"  # all of a page, as it gives it itself
TEXT = "text"
DEVICES = ("cpu", "cuda")  # as common/devices.py has them, which takes seconds to load
EXPLAINED = (TEXT, "html", "svg", "png", "pdf", *TABLES)  # what lines become
CONTROL = "control_"  # begins the name of a parameter for a control


@dataclass(frozen=True)
class Look:
    """How pictures are exported. address: of the dashboard that their links lead to; "" for no links."""

    theme: str
    purpose: Purpose
    address: str

    @property
    def drawn(self) -> str:
        """The theme that they are drawn in."""
        return theme_for(self.purpose, self.theme)


class Listed(click.ParamType):  # type: ignore[type-arg]  # it is generic since click 8.4
    """Some of a few names, with commas between them."""

    name = "names"

    def __init__(self, names: Iterable[str]) -> None:
        self._names = tuple(names)

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> tuple[str, ...]:
        if isinstance(value, tuple):
            return value
        given = tuple(dict.fromkeys(part.strip().lower() for part in value.split(",")))
        if odd := [name for name in given if name not in self._names]:
            self.fail(f"{odd[0]!r} is not one of {', '.join(self._names)}.", param, ctx)
        return given

    def shell_complete(self, ctx: click.Context, param: click.Parameter, incomplete: str) -> list[CompletionItem]:
        before, comma, last = incomplete.rpartition(",")
        return [CompletionItem(f"{before}{comma}{name}") for name in self._names if name.startswith(last.strip())]


class Controlled(click.Command):
    """A command with options for controls; its help shows them apart."""

    def format_options(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        shown = [(param, param.get_help_record(ctx)) for param in self.get_params(ctx)]
        for title, of_control in (("Options", False), ("Controls, by their names in a link", True)):
            rows = [row for param, row in shown if row and param.name and param.name.startswith(CONTROL) is of_control]
            with formatter.section(title):
                formatter.write_dl(rows)


def controls(*names: str) -> Callable[[F], F]:
    """An option for each of these controls. What they allow is known to the table of controls, and told once it is loaded."""

    def decorate(command: F) -> F:
        for name in reversed(dict.fromkeys(names)):
            kept: dict[str, Any] = dict(metavar="VALUE", multiple=True, shell_complete=_choices, help=LABELS[name])
            command = click.option(f"--{name}", f"{CONTROL}{name}", **kept)(command)
        return command

    return decorate


def looks(command: F) -> F:
    """How pictures look, and where their links lead."""
    for decorate in (
        click.option("--address", default="", metavar="URL", help="The dashboard that links in the pictures lead to."),
        click.option("--purpose", type=click.Choice(PURPOSES), default="screen", show_default=True, help="What they are for."),
        click.option("--theme", type=click.Choice(["light", "dark"]), default="light", show_default=True, help="Their colours."),
    ):
        command = decorate(command)
    return command


def results(command: F) -> F:
    """What a result becomes, and where it goes."""
    names = [TEXT, *TABLES, *PICTURES]
    told = f"Some of {', '.join(names)}; text, csv and json are tables."
    where = "A folder, or for one file its name; - is the standard output.  [default: - for one table, else here]"
    decorate = click.option(
        "--format", "formats", type=Listed(names), default=TEXT, show_default=True, metavar="NAMES", help=told
    )
    return decorate(looks(click.option("--out", metavar="PATH", help=where)(command)))


def on_device(command: F) -> F:
    """Where it works."""
    told = "What computes; cuda is a GPU."
    return click.option("--device", type=click.Choice(DEVICES), default="cpu", show_default=True, help=told)(command)


def understood(given: dict[str, Any]) -> dict[str, Any]:
    """The same with all controls as `asked`, the query of a link that asks for them, and with all that is a look as `look`."""
    kept = {key: value for key, value in given.items() if not key.startswith(CONTROL)}
    asked = {key.removeprefix(CONTROL): list(values) for key, values in given.items() if key not in kept and values}
    return dict(asked=asked, look=Look(kept.pop("theme"), kept.pop("purpose"), kept.pop("address")), **kept)


def _choices(ctx: click.Context, param: click.Parameter, incomplete: str) -> list[str]:
    """Of a control that has some."""
    from mnistgrad.app.control_kinds import Choice
    from mnistgrad.app.controls import CONTROLS

    found = [each for each in CONTROLS if f"{CONTROL}{each.key}" == param.name and isinstance(each, Choice)]
    return [choice for each in found for choice in each.in_link if choice.startswith(incomplete)]
