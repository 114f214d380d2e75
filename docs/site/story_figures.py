"""The figures and the numbers of the story in print: the dashboard's own, in the state in which it starts."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from functools import cache
from html import escape

from typesetting import caption

from mnistgrad.app.controls import DIGITS_ON, FIRST_ROW, State
from mnistgrad.app.kept import pictures, results, story, sums
from mnistgrad.app.kept.sums import Switches
from mnistgrad.captions import cost as cost_says
from mnistgrad.captions import story as says
from mnistgrad.captions import training as training_says
from mnistgrad.captions import training_rates as rates_says
from mnistgrad.captions.told import step_title
from mnistgrad.common import numbers
from mnistgrad.cost.measurement import LINE, stored_measurement
from mnistgrad.gradient.weight_gradient import WeightGradient
from mnistgrad.network.verification import PARAMETERS, verify
from mnistgrad.pictures.about import About
from mnistgrad.pictures.charts.cost import time_chart
from mnistgrad.pictures.charts.training_rates import rates_chart
from mnistgrad.pictures.export import Picture, export
from mnistgrad.pictures.palette import PALETTES
from mnistgrad.trace.passes import axis_sizes
from mnistgrad.trace.window import Pick
from mnistgrad.training.descent import TrainingPlan
from mnistgrad.training.rates import stored_study
from mnistgrad.training.stored import stored_comparison

FOLDER = "figures"
UNTOLD = About("")  # the page says what a figure is
STATE = State()
COUNTS = (1, 10, 100, 1_000, 10_000, 50_000)
EVERY = Switches(DIGITS_ON.options, ())


@dataclass(frozen=True)
class Figure:
    """A picture in either theme, by its palette's name, and what is said below it."""

    draw: Callable[[str], Picture]
    says: str


def _found(n: int = STATE.n) -> WeightGradient:
    return results.weight_gradient(replace(STATE, n=n), "w1")


def _part(added: int, theme: str) -> Picture:
    return sums.part_picture(STATE, "w1", EVERY, added, _found().liveliest_column, theme)


def _step(place: int) -> Figure:
    operations = results.pass_of(STATE, story.FORM)
    step = operations[place]
    told = f"**{step_title(step)}.** `{step.expression}` {says.step_sentence(step, axis_sizes(operations))}"
    return Figure(lambda theme: pictures.shapes_picture(STATE, story.FORM, place, Pick(), theme), told)


@cache
def figures() -> Mapping[str, Figure]:
    """By their names, in the order of the story."""
    first, measured, study = FIRST_ROW.start or 0, stored_measurement(), stored_study("cross-entropy")
    trained, plan = stored_comparison("cross-entropy"), TrainingPlan(preset=STATE.preset, normalise=STATE.normalise, nh=STATE.nh)
    return {
        "print": Figure(lambda theme: pictures.print_picture(STATE, theme), says.printed_sentence(_found())),
        "map": Figure(lambda theme: pictures.map_picture(STATE.images, STATE.n, first, theme), ""),
        "rows": Figure(lambda theme: pictures.rows_picture(STATE, first, theme), ""),
        "first": Figure(lambda theme: _part(1, theme), ""),
        "last": Figure(lambda theme: _part(STATE.n, theme), ""),
        **{f"step-{number}": _step(place) for number, place in enumerate(story.places_of_line(STATE), 1)},
        "variance": Figure(lambda theme: pictures.variance_picture(STATE, theme), says.variance_sentence(_found())),
        "products": Figure(
            lambda theme: pictures.two_products_picture(measured, STATE.n, STATE.nh, theme),
            cost_says.products_sentence(measured, STATE.n, STATE.nh),
        ),
        "time": Figure(
            lambda theme: time_chart(measured, LINE, STATE.n, "line", PALETTES[theme]), cost_says.line_time_sentence(measured)
        ),
        "curves": Figure(pictures.five_curves_picture, training_says.small_sentence(trained, plan)),
        "rates": Figure(
            lambda theme: rates_chart(study, [], plan.rate, PALETTES[theme]), rates_says.rates_sentence(study, [], plan)
        ),
    }


def figure_files() -> dict[str, bytes]:
    """Every figure in both themes, by its place in the site."""
    return {
        f"{FOLDER}/{name}-{theme}.svg": export(figure.draw(theme), "SVG", UNTOLD)
        for name, figure in figures().items()
        for theme in PALETTES
    }


def figure(name: str, words: str = "") -> str:
    """A figure for a page's Markdown, with what is said below it: the words given, or its own."""
    found = figures()[name]
    drawn = found.draw("light")
    sizes = f"--least: {drawn.least:.0f}px; --natural: {drawn.width:.0f}px"
    images = "".join(
        f'![{escape(drawn.description)}]({FOLDER}/{name}-{theme}.svg#only-{theme}){{ loading="lazy" }}' for theme in PALETTES
    )
    return (
        f'<figure class="drawn" style="{sizes}" markdown="1">\n<div class="sheet" markdown="span" tabindex="0">{images}</div>\n'
        f'<figcaption markdown="span">{caption(words or found.says)}</figcaption>\n</figure>'
    )


class Story:
    """The numbers of the article, each worked out when it is asked for, as text."""

    n = numbers.count(STATE.n)
    nh = numbers.count(STATE.nh)

    @property
    def headline(self) -> str:
        return says.headline(_found())

    @property
    def rows(self) -> str:
        return numbers.count(_found().rows)

    @property
    def weights(self) -> str:
        return numbers.count(_found().g.numel())

    @property
    def black(self) -> str:
        return numbers.count(_found().sizes["black"])

    @property
    def background(self) -> str:
        return numbers.fixed(_found().background, 4)

    @property
    def largest_gap(self) -> str:
        """Between the printed rows and the background times the bias gradient, over the largest entry."""
        found = _found()
        gap = (found.g[found.groups["printed"]] - found.background * found.b_g).abs().max() / found.g.abs().max()
        return numbers.scientific(gap.item())

    @property
    def copies(self) -> str:
        """A table: what is printed, and the bias gradient times what a black pixel holds."""
        found = _found()
        columns = [0, 1, 2, found.columns - 3, found.columns - 2, found.columns - 1]
        lines = {
            f"unit <span class='axis-j'>{'j'}</span>": [str(column) for column in columns],
            "`b1.g[j]`": [numbers.fixed(found.b_g[column].item(), 4) for column in columns],
            f"{self.background} × `b1.g[j]`": [numbers.fixed(found.background * found.b_g[c].item(), 4) for c in columns],
            "`w1.g[0, j]`": [numbers.fixed(found.g[0, column].item(), 4) for column in columns],
            f"`w1.g[{found.rows - 1}, j]`": [numbers.fixed(found.g[-1, column].item(), 4) for column in columns],
        }
        (head, first), *others = ((name, " | ".join(cells)) for name, cells in lines.items())
        rule = " | ".join(["---"] + ["--:"] * len(columns))
        return "\n".join([f"| {head} | {first} |", f"| {rule} |", *(f"| {name} | {cells} |" for name, cells in others)])

    @property
    def growth(self) -> str:
        """A table: what is true of w1.g over more and more images."""
        head = "| images n | black pixels | different rows | rank | in the best outer product | in the best copied row |"
        lines = [head, "|" + "--:|" * 6]
        for n in COUNTS:
            found = _found(n)
            cells = [n, found.sizes["black"], found.distinct, found.rank]
            shares = map(numbers.percent, (found.spectrum.first_share, found.spectrum.copied_row_share))
            lines.append(f"| {' | '.join([*map(numbers.count, cells), *shares])} |")
        return "\n".join(lines)

    @property
    def check(self) -> str:
        batch, weights = results.batch_of(STATE), results.weights_of(STATE)
        return says.check_sentence({name: verify(name, batch, weights) for name in PARAMETERS})

    @property
    def answers(self) -> dict[str, str]:
        """What stands above the two answers."""
        trained = stored_comparison("cross-entropy")
        return {"cost": cost_says.products_title(), "training": training_says.small_title(trained)}

    @property
    def product_bytes(self) -> str:
        return numbers.byte_count(4 * STATE.n * _found().g.numel())
