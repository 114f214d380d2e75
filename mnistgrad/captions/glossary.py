"""What a word means that a newcomer may not know: one explanation of each, for every page."""

import re
from collections.abc import Mapping
from dataclasses import dataclass

ANCHOR = "#term-"  # where a link of an explained word leads; the browser shows the meaning there


@dataclass(frozen=True)
class Term:
    """What is explained, and how else it is written in a sentence or as code."""

    meaning: str
    also: tuple[str, ...] = ()


GLOSSARY: Mapping[str, Term] = {
    "accuracy": Term("The share of images whose label is read right."),
    "autograd": Term("PyTorch's own way to gradients: it records the forward pass and goes back through it."),
    "b1.g": Term(
        "The gradient of the first layer's bias: the sum of out.g over all images, one number for each hidden unit.",
        ("bias gradient",),
    ),
    "backward pass": Term("From the loss back through every line: how much the loss changes as each number does.", ("backward",)),
    "batch": Term("The images that go through the network together: the first n of the training images."),
    "bias": Term("A number that is added to each output of a layer.", ("biases",)),
    "broadcasting": Term("Torch repeats an axis of size 1 until it fits the other tensor's.", ("broadcast",)),
    "column variance": Term("How far the numbers of one column of w1.g lie from their mean. 0: they are all equal."),
    "cross-entropy": Term("A loss for one output a label: minus the logarithm of the probability given to the right one."),
    "deviation": Term("The square root of the variance: how far numbers typically lie from their mean.", ("standard deviation",)),
    "diverged": Term("Its steps were too large: the loss grew without end.", ("diverges", "diverge")),
    "einsum": Term("A product written with letters; what is missing behind the arrow is summed over."),
    "finite differences": Term("A check without calculus: move one weight a little, see how far the loss moves, and divide."),
    "float32": Term("Numbers with about 7 digits, 4 bytes each."),
    "float64": Term("Numbers with about 16 digits, 8 bytes each."),
    "forward product": Term("inp @ w1, the matrix product that takes the images to the hidden units."),
    "hidden unit": Term("One column of w1: 784 weights that make one number of each image.", ("hidden units",)),
    "inp": Term("What a layer takes in: a row of numbers for each image; in the first layer its 784 pixels."),
    "logarithmic": Term("Equal steps on the scale are equal factors, such as ten times.", ("logarithmic scale",)),
    "loss": Term("One number for how wrong the network is; training makes it smaller."),
    "matrix product": Term("Every row times every column, number by number, each added up."),
    "mean image": Term("The average of all images of the batch, pixel by pixel."),
    "mean squared error": Term("The mean over the images of (output less target)².", ("mse",)),
    "nh": Term("The number of hidden units."),
    "norm": Term("The size of a matrix: the square root of the sum of its squared numbers."),
    "normalised": Term(
        "Pixels less their mean, divided by their deviation, so that black is −0.4245 in MNIST and not 0.",
        ("normalise", "normalising", "normalisation"),
    ),
    "out.g": Term("The gradient of a layer's output: for each image and unit, how much the loss changes as that output does."),
    "outer product": Term(
        "A column of numbers times a row of numbers: a table of all their products.", ("outer products", "rank-1 matrix")
    ),
    "peak": Term("The most memory held at any one moment."),
    "preset": Term(
        "What the lesson set that year. 2019: normalised pixels, scaled weights, relu less 0.5. 2022: raw pixels, plain normal "
        "weights, relu."
    ),
    "rank": Term("How many independent rows a matrix has. Rank 1: all rows are multiples of one row."),
    "rate": Term("How much of the gradient a step takes off the weights.", ("learning rate",)),
    "relu": Term(
        "Makes every negative number 0. A unit that it makes 0 is off and passes no gradient on.", ("rectifier", "clamp_min")
    ),
    "seed": Term("Where the random starting weights are drawn from: the same seed, the same weights.", ("seeds",)),
    "signal to noise": Term("A mean over the images, divided by the deviation over them.", ("signal-to-noise",)),
    "singular value": Term(
        "A matrix is a sum of outer products, each smaller than the one before; these are their sizes.", ("singular values",)
    ),
    "squared size": Term("The sum of all squared numbers of a matrix."),
    "targ": Term("The label of each image, such as its digit: what the network should give.", ("target", "targets")),
    "tensor": Term("Numbers along any number of axes.", ("tensors",)),
    "tolerance": Term("How far two numbers may differ and still count as equal, since computers round."),
    "unsqueeze": Term("Gives a tensor one more axis of size 1."),
    "variance": Term("The mean of the squared distances from the mean. 0: all numbers are equal."),
    "w1.g": Term("The gradient of the first layer's weights: a row for each pixel, a column for each hidden unit."),
    "w2.g": Term("The gradient of the second layer's weights: one number for each hidden unit."),
}

_TERM_OF = {written: term for term, entry in GLOSSARY.items() for written in (term, *entry.also)}
_WORDS = "|".join(re.escape(written) for written in sorted(_TERM_OF, key=len, reverse=True))
# What is left as it is, what is in colour, code, and among the rest a word that is explained.
_PIECE = re.compile(
    rf"(?P<kept>\[[^\]]*\]\([^)]*\)|\\.)"
    rf"|(?P<colour>:[a-z-]+\[)(?P<inside>[^\[\]]*)\]"
    rf"|(?P<code>(?P<ticks>`+).+?(?P=ticks))"
    rf"|(?<![\w.@:/\[])(?P<word>{_WORDS})(?![\w\[(@/]|\.\w|-\w)",
    re.IGNORECASE | re.DOTALL,
)


def term(key: str, written: str = "") -> str:
    """The word in Markdown, so that the browser explains it. Raises KeyError for one that the glossary does not have."""
    GLOSSARY[key]
    return f"[{written or key}]({ANCHOR}{key.replace(' ', '-')})"


def explained(text: str) -> str:
    """The Markdown with the first place of each of the glossary's words made one that the browser explains."""
    told: set[str] = set()

    def link(found: re.Match[str]) -> str:
        piece = found[0]
        if found["colour"]:
            return f"{found['colour']}{_PIECE.sub(link, found['inside'])}]"
        key = _TERM_OF.get((found["word"] or piece.strip("`")).lower())
        if found["kept"] or key is None or key in told:
            return piece
        told.add(key)
        return term(key, piece)

    return _PIECE.sub(link, text)


def meanings() -> dict[str, str]:
    """By the anchor of each link."""
    return {ANCHOR + key.replace(" ", "-"): entry.meaning for key, entry in GLOSSARY.items()}
