"""The one table of controls, each of them in the link, and the state that those of the sidebar make."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Generic, TypeVar

from mnistgrad.captions import images as of_images
from mnistgrad.captions import link as says
from mnistgrad.captions import training, typed_lines
from mnistgrad.common import numbers
from mnistgrad.common.reading import whole_number_in
from mnistgrad.gradient.build_up import DIGITS, MOST_OFF
from mnistgrad.gradient.statistics import EDGE_ITEMS
from mnistgrad.gradient.weight_gradient import LAYERS
from mnistgrad.lines.examples import FIRST as FIRST_EXAMPLE
from mnistgrad.lines.rules import LONGEST_LINES, LONGEST_SHAPES
from mnistgrad.network.data import PIXELS, TRAINING_IMAGES
from mnistgrad.network.presets import DEFAULT_PRESET, HIDDEN_UNITS, LARGEST_SEED, PRESETS
from mnistgrad.network.seeds import MOST_COMPARED
from mnistgrad.network.sets.kinds import KINDS, MNIST, OWN, title_of
from mnistgrad.pictures.charts.column_variance import ORDERS
from mnistgrad.player.print_and_map import FIRST
from mnistgrad.trace.passes import PROGRAMS
from mnistgrad.training.comparison import MOST_SEEDS
from mnistgrad.training.descent import MOST_STEPS, RATES, TRAINING_METHODS, TrainingPlan
from mnistgrad.training.stored import START_RATES

T = TypeVar("T")
LONGEST_PRINT = 1_500  # characters of a print in a link; longer ones stay out of it
MOST_SHOWN_UNITS = 100  # the engine takes 512, but the matrix and its columns' variances would be 480 kB of the first page


@dataclass(frozen=True)
class State:
    """What a reader chose in the sidebar: small plain values, so that results can be kept by it."""

    n: int = 1_000
    preset: str = DEFAULT_PRESET
    normalise: bool = PRESETS[DEFAULT_PRESET].normalise
    seed: int = 0
    nh: int = HIDDEN_UNITS
    images: str = MNIST  # the key of their set

    @property
    def line(self) -> str:
        """What is told of it on a file: "MNIST, n = 1,000, seed 0", with whatever else is not as it starts."""
        parts = [title_of(self.images), self._batch, f"seed {self.seed}"]
        if self.preset != DEFAULT_PRESET:
            parts.append(self.preset)
        if self.normalise != PRESETS[self.preset].normalise:
            parts.append("normalised" if self.normalise else "raw pixels")
        return ", ".join(parts + self._units)

    @property
    def sizes(self) -> str:
        """The same of a picture that shows no number of an image or a weight: "n = 1,000"."""
        return ", ".join([self._batch, *self._units])

    @property
    def _batch(self) -> str:
        return f"n = {numbers.count(self.n)}"

    @property
    def _units(self) -> list[str]:
        return [f"nh {self.nh}"] if self.nh != HIDDEN_UNITS else []


@dataclass(frozen=True)
class Mended:
    """What a control in a link is to be instead of what was asked: `values`, none where it is to be as it starts.

    why: a sentence; "" where what was asked is only written otherwise.
    """

    values: tuple[str, ...]
    why: str = ""


@dataclass(frozen=True)
class Control:
    """A control in the link: its name there and its label. depends: only its page knows what is allowed."""

    key: str
    label: str
    help: str = field(default="", kw_only=True)
    depends: bool = field(default=False, kw_only=True)

    def mended(self, given: Sequence[str]) -> Mended | None:
        """None if the link may ask for these values of the control: none, one, or several where its name stands there again."""
        if not given:
            return None
        found = self.mended_one(given[-1])
        if len(set(given)) == 1:
            return found
        why = says.repeated(self.key)
        return Mended(found.values, f"{why} {found.why}".strip()) if found else Mended((given[-1],), why)

    def mended_one(self, given: str) -> Mended | None:
        """The same of one value."""
        raise NotImplementedError

    def read(self, given: str) -> object:
        """What its field holds for a value that a link may ask for."""
        return given


@dataclass(frozen=True)
class Numeric(Control):
    """A whole number: what is allowed, and where it starts."""

    low: int
    high: int
    start: int | None  # None where it is left to us at first

    def mended_one(self, given: str) -> Mended | None:
        number = whole_number_in(given)
        if self.depends:
            return Mended((), says.no_number(self.key, given)) if number is None else None
        if number is None or not self.low <= number <= self.high:
            return Mended((), says.out_of_range(self.key, given, self.low, self.high))
        return None if given == str(number) else Mended((str(number),), says.read_as(self.key, given, number))

    def read(self, given: str) -> int:
        return int(given)


@dataclass(frozen=True)
class Choice(Control, Generic[T]):
    """One of a few. shown: how an option is written, on the page and in the link. also: what else a link may hold for one."""

    options: tuple[T, ...]
    start: T
    shown: Callable[[T], str] = str
    also: Mapping[str, str] = field(default_factory=dict)

    @property
    def in_link(self) -> tuple[str, ...]:
        return tuple(self.shown(option) for option in self.options)

    def mended_one(self, given: str) -> Mended | None:
        if self.depends or given in self.in_link:
            return None
        return Mended((self.also[given],)) if given in self.also else Mended((), says.no_choice(self.key, given, self.in_link))

    def read(self, given: str) -> T:
        return self.options[self.in_link.index(given)]


@dataclass(frozen=True)
class ImageChoice(Choice[str]):
    """Which set of images; a reader's own too, by the digest of its content. own: the one that this session holds."""

    own: str = ""

    def mended_one(self, given: str) -> Mended | None:
        if re.fullmatch(OWN + "[0-9a-f]{20}", given):
            return None if self.depends or given == self.own else Mended((), of_images.GONE)
        return None if given in self.options else Mended((), says.no_choice(self.key, given, self.options))

    def read(self, given: str) -> str:
        return given


@dataclass(frozen=True)
class Several(Choice[T]):
    """Any of a few, all at first. In a link its name stands there once for each, and once with nothing for none."""

    def mended(self, given: Sequence[str]) -> Mended | None:
        if list(given) in ([], [""]) or self.depends:
            return None
        known = tuple(dict.fromkeys(value for value in given if value in self.in_link))
        odd = [value for value in given if value not in self.in_link]
        if odd:
            return Mended(known, says.no_choice(self.key, odd[0], self.in_link))
        return None if len(known) == len(given) else Mended(known, says.repeated(self.key))


@dataclass(frozen=True)
class Text(Control):
    """What the reader types, at most so long."""

    longest: int
    start: str

    def mended_one(self, given: str) -> Mended | None:
        return Mended((), says.too_long(self.key, given, self.longest)) if len(given) > self.longest else None


N = Numeric(
    "n",
    "Sample count, n",
    1,
    TRAINING_IMAGES,
    State.n,
    help="How many images the gradient is summed over: the first n of the training images.",
)
PRESET = Choice(
    "preset",
    "Preset",
    tuple(PRESETS),
    DEFAULT_PRESET,
    help="2019: normalised pixels, scaled weights, relu less 0.5. 2022: raw pixels, plain normal weights, relu.",
)
NORMALISE = Choice(
    "normalise",
    "Normalise the pixels",
    (True, False),
    State.normalise,
    lambda on: str(on).lower(),
    {"True": "true", "TRUE": "true", "False": "false", "FALSE": "false"},
    help="On: (pixel / 256 − mean) / deviation of the training images. Off: pixel / 256.",
)
SEED = Numeric("seed", "Seed of the weights", 0, LARGEST_SEED, State.seed, help="The same seed gives the same starting weights.")
IMAGE_SET = ImageChoice("images", "Images", tuple(KINDS), MNIST, help=of_images.HELP, depends=True)
NH = Numeric("nh", "Hidden units, nh", 2, MOST_SHOWN_UNITS, State.nh, help="Columns of w1; the lesson has 50.")
FIRST_ROW = Numeric("first", "First of the six rows", 0, PIXELS - 2 * EDGE_ITEMS, FIRST)
PRINT = Text("print", "What your notebook printed", LONGEST_PRINT, "")
FORM = Choice("form", "How w.g is written", tuple(PROGRAMS), "broadcast")
SCOPE = Choice("scope", "Step through", (), "w1.g", depends=True)
STEP = Numeric("step", "Step", 1, 99, 1, depends=True)
IMAGES = tuple(
    Numeric(f"image{place}", f"{ordinal} image", 0, TRAINING_IMAGES - 1, None, depends=True)
    for place, ordinal in enumerate(("First", "Second", "Third"), 1)
)
PIXEL = Numeric("pixel", "First of five pixels", 0, PIXELS - 1, None)
UNIT = Numeric("unit", "First of four units", 0, MOST_SHOWN_UNITS - 1, None, depends=True)
FIRST_THUMBNAIL = Numeric("thumbnails", "Show images from number", 0, TRAINING_IMAGES - 1, 0, depends=True)
LINES = Text("lines", "Lines", LONGEST_LINES, FIRST_EXAMPLE.lines)
SHAPES = Text("shapes", "Shapes of what goes in", LONGEST_SHAPES, FIRST_EXAMPLE.shapes)
GUESS = Choice("guess", typed_lines.ASK, tuple(typed_lines.FATES), "", lambda fate: typed_lines.FATES.get(fate, ""), depends=True)
VIEWS = {
    "variance": "Column variance",
    "units": "Units on the image",
    "build-up": "One outer product",
    "one-weight": "One weight",
    "samples": "How many images",
}
VIEW = Choice("view", "View of the matrix", tuple(VIEWS), "variance", VIEWS.__getitem__, VIEWS)
LAYER = Choice("layer", "Layer", LAYERS, LAYERS[0], lambda layer: f"{layer}.g")
ROW = Numeric("row", "Row", 0, PIXELS - 1, None, depends=True)
COLUMN = Numeric("column", "Column", 0, MOST_SHOWN_UNITS - 1, None, depends=True)
VARIANCE_OF = Choice("variance", "Variance of", ("columns", "rows", "over images"), "columns")
ORDER = Choice("order", "Units sorted by", tuple(ORDERS), "size")
SCALE = Choice("scale", "Colour scale of the tiles", ("own", "shared"), "own", lambda name: f"{name.capitalize()} scale")
ADDED = Numeric("added", "Images added", 1, TRAINING_IMAGES, 1, depends=True)
DIGITS_ON = Several("labels", "Digits that count", DIGITS, 0, depends=True)
OFF = Text("off", "Images switched off", 8 * MOST_OFF, "")
COMPARED = Numeric(
    "compare",
    "Seeds to compare",
    1,
    MOST_COMPARED,
    3,
    help="The seed of the weights and those after it, or before it near the largest; thin lines.",
)
LARGEST = Choice("largest", "Most images", (100, 1_000, 10_000, 50_000), 50_000, numbers.count)
BUDGET = Choice("budget", "Memory budget", (10**8, 10**9), 10**9, numbers.byte_count)
NETWORK = Choice(
    "network",
    "Network",
    tuple(training.NETWORK_LABELS),
    TrainingPlan.network,
    help="; ".join(f"{network}: {what}" for network, what in training.NETWORK_LABELS.items()),
)
WAYS = Several("methods", "Train with", tuple(TRAINING_METHODS), "", training.LABELS.__getitem__)
RATE = Choice("rate", "Rate", RATES, START_RATES[TrainingPlan.network], also={f"{rate:g}": str(rate) for rate in RATES})
STEPS = Numeric("steps", "Steps", 1, MOST_STEPS, None)
TRAINED_IMAGES = Numeric("trained", "Images", 10, TRAINING_IMAGES, None)
BATCH_SIZE = Numeric("batch", "Images a step", 1, TRAINING_IMAGES, None, depends=True)
SEEDS = Numeric("seeds", "Seeds to compare", 1, MOST_SEEDS, None)
TILES = Choice("tiles", "Weights of the first layer", ("what was learned", "the weights themselves"), "what was learned")

CONTROLS: tuple[Control, ...] = (
    *(N, PRESET, NORMALISE, SEED, NH, IMAGE_SET),
    *(FIRST_ROW, PRINT),
    *(FORM, SCOPE, STEP, *IMAGES, PIXEL, UNIT, FIRST_THUMBNAIL),
    *(LINES, SHAPES, GUESS),
    *(VIEW, LAYER, ROW, COLUMN, VARIANCE_OF, ORDER, SCALE, ADDED, DIGITS_ON, OFF),
    COMPARED,
    *(LARGEST, BUDGET),
    *(NETWORK, WAYS, RATE, STEPS, TRAINED_IMAGES, BATCH_SIZE, SEEDS, TILES),
)
