"""The numbers of the story in print, in the state in which the dashboard opens, each worked out when the site is built."""

from dataclasses import replace

from mnistgrad.app.controls import State
from mnistgrad.app.kept import results
from mnistgrad.app.kept.story import FORM, places_of_line
from mnistgrad.captions import cost as cost_says
from mnistgrad.captions import story as says
from mnistgrad.captions import training as training_says
from mnistgrad.captions.told import step_title
from mnistgrad.common import numbers
from mnistgrad.gradient.weight_gradient import WeightGradient
from mnistgrad.network.verification import PARAMETERS, verify
from mnistgrad.trace.passes import axis_sizes
from mnistgrad.training.stored import stored_comparison

STATE = State()
COUNTS = (1, 10, 100, 1_000, 10_000, 50_000)


def _found(n: int = STATE.n) -> WeightGradient:
    return results.weight_gradient(replace(STATE, n=n), "w1")


class Story:
    """As text, for the article."""

    n = numbers.count(STATE.n)
    nh = numbers.count(STATE.nh)
    seed = str(STATE.seed)

    @property
    def headline(self) -> str:
        return says.headline(_found())

    @property
    def printed(self) -> str:
        return says.printed_sentence(_found())

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
        last = found.rows - 1
        columns = [0, 1, 2, *range(found.columns - 3, found.columns)]
        lines = {
            '<span class="axis-j">j</span>': [str(column) for column in columns],
            "`b1.g[j]`": _cells(found.b_g[columns].tolist()),
            f"{self.background} × `b1.g[j]`": _cells((found.background * found.b_g[columns]).tolist()),
            "`w1.g[0, j]`": _cells(found.g[0, columns].tolist()),
            f"`w1.g[{last}, j]`": _cells(found.g[last, columns].tolist()),
        }
        rows = [f"| {name} | {' | '.join(cells)} |" for name, cells in lines.items()]
        return "\n".join([rows[0], "|---|" + "--:|" * len(columns), *rows[1:]])

    @property
    def growth(self) -> str:
        """A table: what is true of w1.g over more and more images."""
        lines = ["| images | black pixels | different rows | rank | in the best outer product | in the best copied row |"]
        lines.append("|" + "--:|" * 6)
        for n in COUNTS:
            found = _found(n)
            cells = [n, found.sizes["black"], found.distinct, found.rank]
            shares = map(numbers.percent, (found.spectrum.first_share, found.spectrum.copied_row_share))
            lines.append(f"| {' | '.join([*map(numbers.count, cells), *shares])} |")
        return "\n".join(lines)

    def step(self, number: int) -> str:
        """What the line's operation does, by its number from 1."""
        operations = results.pass_of(STATE, FORM)
        step = operations[places_of_line(STATE)[number - 1]]
        return f"**{step_title(step)}.** `{step.expression}` {says.step_sentence(step, axis_sizes(operations))}"

    @property
    def product_bytes(self) -> str:
        """Of the tensor in the middle of the line, in float32."""
        return numbers.byte_count(4 * STATE.n * _found().g.numel())

    @property
    def cost(self) -> str:
        return cost_says.products_title()

    @property
    def training(self) -> str:
        return training_says.small_title(stored_comparison("cross-entropy"))

    @property
    def check(self) -> str:
        batch, weights = results.batch_of(STATE), results.weights_of(STATE)
        return says.check_sentence({name: verify(name, batch, weights) for name in PARAMETERS})


def _cells(values: list[float]) -> list[str]:
    return [numbers.fixed(value, 4) for value in values]
