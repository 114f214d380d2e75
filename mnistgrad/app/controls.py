"""The one table of controls, each of them in the link, and the state that those of the sidebar make."""

from dataclasses import dataclass

from mnistgrad.app.control_kinds import Carried, Choice, Control, ImageChoice, Numeric, Several, Text, Written
from mnistgrad.captions import images as of_images
from mnistgrad.captions import training, typed_lines
from mnistgrad.common import numbers
from mnistgrad.cost.carried import uncarried
from mnistgrad.distributed.parts import MOST_SHOWN as MOST_WORKERS
from mnistgrad.gradient.build_up import DIGITS, MOST_OFF
from mnistgrad.gradient.statistics import EDGE_ITEMS
from mnistgrad.gradient.weight_gradient import LAYERS
from mnistgrad.lines.examples import FIRST as FIRST_EXAMPLE
from mnistgrad.lines.examples import GROUPS
from mnistgrad.lines.rules import LONGEST_LINES, LONGEST_SHAPES
from mnistgrad.network.data import PIXELS, TRAINING_IMAGES
from mnistgrad.network.presets import DEFAULT_PRESET, HIDDEN_UNITS, LARGEST_SEED, PRESETS
from mnistgrad.network.seeds import MOST_COMPARED
from mnistgrad.network.sets.kinds import KINDS, MNIST, title_of
from mnistgrad.pictures.charts.column_variance import ORDERS
from mnistgrad.player.moving_picture import LIT
from mnistgrad.player.print_and_map import FIRST
from mnistgrad.trace.passes import PROGRAMS
from mnistgrad.training.comparison import MOST_SEEDS
from mnistgrad.training.descent import MOST_STEPS, RATES, TRAINING_METHODS, TrainingPlan
from mnistgrad.training.stored import START_RATES

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


def on_or_off(on: bool) -> str:
    """As a link writes a switch."""
    return str(on).lower()


IN_WORDS = {"True": "true", "TRUE": "true", "False": "false", "FALSE": "false"}  # what else people write
NORMALISE = Choice(
    "normalise",
    "Normalise the pixels",
    (True, False),
    State.normalise,
    on_or_off,
    IN_WORDS,
    help="On: (pixel / 256 − mean) / deviation of the training images. Off: pixel / 256.",
)
SEED = Numeric("seed", "Seed of the weights", 0, LARGEST_SEED, State.seed, help="The same seed gives the same starting weights.")
IMAGE_SET = ImageChoice("images", "Images", tuple(KINDS), MNIST, help=of_images.HELP, depends=True)
NH = Numeric("nh", "Hidden units, nh", 2, MOST_SHOWN_UNITS, State.nh, help="Columns of w1; the lesson has 50.")
FIRST_ROW = Numeric("first", "First of the six rows", 0, PIXELS - 2 * EDGE_ITEMS, FIRST)
PRINT = Text("print", "What your notebook printed", LONGEST_PRINT, "")
EQUAL = ("equal", "differ")  # what a reader answers who is asked about rows
ANSWER = Choice("answer", "Rows printed next", EQUAL, "")
REPLY = Choice("reply", "Rows watched", EQUAL, "")
WATCHED = Written("watch", "Rows watched", rf"\d{{1,3}}(\.\d{{1,3}}){{{len(LIT) - 1}}}", ".".join(map(str, LIT)), PIXELS)
SPEED = Choice("speed", "Speed", (1, 2, 4, 0.5), 1, "{:g}".format)
FORM = Choice("form", "How w.g is written", tuple(PROGRAMS), "broadcast")
SCOPE = Choice("scope", "Step through", (), "w1.g", depends=True)
STEP = Numeric("step", "Step", 1, 99, 1, depends=True)
CELL = Written("cell", "Number followed", r"\d{1,4}\.\d{1,4}\.\d{1,6}", "3.0.12")  # frame, tensor and place
TURNED = Written("turned", "Pages turned to", r"[a-z]\d{1,5}(\.[a-z]\d{1,5})*", "n0.i405")
IMAGES = tuple(
    Numeric(f"image{place}", f"{ordinal} image", 0, TRAINING_IMAGES - 1, None, depends=True)
    for place, ordinal in enumerate(("First", "Second", "Third"), 1)
)
PIXEL = Numeric("pixel", "First of five pixels", 0, PIXELS - 1, None)
UNIT = Numeric("unit", "First of four units", 0, MOST_SHOWN_UNITS - 1, None, depends=True)
FIRST_THUMBNAIL = Numeric("thumbnails", "Show images from number", 0, TRAINING_IMAGES - 1, 0, depends=True)
LINES = Text("lines", "Lines", LONGEST_LINES, FIRST_EXAMPLE.lines)
SHAPES = Text("shapes", "Shapes of what goes in", LONGEST_SHAPES, FIRST_EXAMPLE.shapes)
EXAMPLES = Choice("examples", "Examples", tuple(GROUPS), next(iter(GROUPS)))
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
WORKERS = Numeric("workers", "Workers, K", 1, MOST_WORKERS, 4)
RESULT = Carried("result", "Measurement", uncarried)
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
AGAIN = Choice("again", "Run again", ("yes",), "")
TILES = Choice("tiles", "Weights of the first layer", ("what was learned", "the weights themselves"), "what was learned")
CARD = Text("card", "Card shown alone", 40, "")  # by its key; no field, but a part of links
PRESENTER = Choice(
    "presenter",
    "Presenter's view",
    (False, True),
    False,
    on_or_off,
    IN_WORDS,
    help="One picture at a time, in large type. The keys →, ←, Page Down and Page Up turn, Escape leaves.",
)
QUESTIONS = Choice(
    "questions", "Ask before showing", (True, False), True, on_or_off, IN_WORDS, help="Off: answers stand where questions were."
)

CONTROLS: tuple[Control, ...] = (
    *(N, PRESET, NORMALISE, SEED, NH, IMAGE_SET),
    *(FIRST_ROW, PRINT, ANSWER, REPLY, WATCHED, SPEED),
    *(FORM, SCOPE, STEP, CELL, TURNED, *IMAGES, PIXEL, UNIT, FIRST_THUMBNAIL),
    *(LINES, SHAPES, EXAMPLES, GUESS),
    *(VIEW, LAYER, ROW, COLUMN, VARIANCE_OF, ORDER, SCALE, ADDED, DIGITS_ON, OFF),
    COMPARED,
    *(LARGEST, BUDGET, WORKERS, RESULT),
    *(NETWORK, WAYS, RATE, STEPS, TRAINED_IMAGES, BATCH_SIZE, SEEDS, TILES, AGAIN),
)
