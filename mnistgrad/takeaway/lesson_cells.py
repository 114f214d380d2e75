"""The lesson that recomputes a state, cell by cell: words, and code that needs torch alone."""

import inspect
from dataclasses import dataclass
from textwrap import dedent

from mnistgrad import lesson
from mnistgrad.common.numbers import rounded
from mnistgrad.network.gradients import BUDGET, product_bytes
from mnistgrad.network.presets import PIXELS, PRESETS
from mnistgrad.network.sets.kinds import MNIST, OWN, title_of
from mnistgrad.network.sets.sources import IN_ROOT
from mnistgrad.takeaway.figures import COPIED, Figures

OWN_IMAGES, OWN_LABELS = "images-idx3-ubyte.gz", "labels-idx1-ubyte.gz"  # the files of a reader's own, in MNIST's form


@dataclass(frozen=True)
class Recomputed:
    """What is recomputed: a state of the pages, by plain values. layer: "w1" or "w2"; link: that opens it, "" where unknown."""

    n: int
    preset: str
    normalise: bool
    seed: int
    nh: int
    images: str = MNIST
    layer: str = "w1"
    link: str = ""


@dataclass(frozen=True)
class Cell:
    """words: in Markdown, above the code; "" where there are none."""

    words: str
    code: str


def travel_along(images: str) -> bool:
    """Whether these images are a reader's own, so that nobody else has them: they lie beside the script."""
    return images.startswith(OWN)


def cells_of(of: Recomputed, figures: Figures) -> list[Cell]:
    """In the order in which they run."""
    return [_title(of), _images(of), _weights(of), _lesson(of), _autograd(), _sums(figures), *_matrix(of, figures)]


def _title(of: Recomputed) -> Cell:
    where = f"{PRESETS[of.preset].label}, {title_of(of.images)}, n = {of.n:,}, seed {of.seed}"
    words = [
        "# Where `w1.g` comes from, recomputed",
        "",
        f"{where}: the figures of the page, with torch alone. Every `same(...)` holds a figure of this run against the page's.",
        *([f"The page: <{of.link}>"] if of.link else []),
    ]
    code = f"""
        import gzip, math, sys
        from pathlib import Path

        import torch

        n, nh, seed = {of.n}, {of.nh}, {of.seed}
        {_folder(of.images)}


        def same(here, page, size=0.0):
            here = float(here)
            assert math.isclose(here, page, rel_tol=1e-4, abs_tol=1e-4 * size + 1e-12), f"{{here}} here, {{page}} on the page"
            print(f"{{here:.6g}}, as on the page")
    """
    return Cell("\n".join(words), _dedent(code))


def _folder(images: str) -> str:
    """Where the images are looked for, if nothing else is said."""
    if travel_along(images):
        here = 'Path(globals().get("__file__", "")).parent'
        return f"folder = Path(sys.argv[1]) if len(sys.argv) == 2 else {here}  # the images lie beside this"
    return 'folder = Path(sys.argv[1] if len(sys.argv) == 2 else "data")  # where the images are, if you have them'


def _images(of: Recomputed) -> Cell:
    words = "## The images\n\nPixels are divided by 256, as in the lesson" + (
        ", then normalised by mean and deviation of the training images." if of.normalise else "."
    )
    found = _mnist() if of.images == MNIST else _own() if travel_along(of.images) else _fetched(of.images)
    return Cell(words, _dedent(found) + _dedent(_pixels(of)))


def _mnist() -> str:
    return """
        def unpacked(name):  # from an installed mnistgrad, whose code is not needed, or from torchvision's folder
            for place in [folder, folder / "MNIST/raw", *(Path(p) / "mnistgrad/network/mnist" for p in sys.path)]:
                for path, open_file in ((place / f"{name}.gz", gzip.open), (place / name, open)):
                    if path.exists():
                        with open_file(path, "rb") as file:
                            return torch.frombuffer(bytearray(file.read()), dtype=torch.uint8)
            from torchvision.datasets import MNIST

            MNIST(folder, download=True)
            return unpacked(name)


        images = unpacked("train-images-idx3-ubyte")[16:].view(-1, 28 * 28)
        labels = unpacked("train-labels-idx1-ubyte")[8:]
    """


def _own() -> str:
    return f"""
        def unpacked(name):
            with gzip.open(folder / name, "rb") as file:
                return torch.frombuffer(bytearray(file.read()), dtype=torch.uint8)


        images = unpacked("{OWN_IMAGES}")[16:].view(-1, 28 * 28)
        labels = unpacked("{OWN_LABELS}")[8:]
    """


def _fetched(images: str) -> str:
    source = IN_ROOT[images]
    options = "".join(f", {name}={value!r}" for name, value in source.options.items())
    letters = (
        """
        images = images.transpose(1, 2)  # stored column by column,
        labels = labels - 1  # and its letters count from 1"""
        if images == "emnist"
        else ""
    )
    column = "\n        labels = labels[:, 0]" if images == "qmnist" else ""
    return f"""
        from torchvision import datasets

        found = datasets.{source.folder}(folder, train=True, download=True{options})
        images, labels = found.data[:60_000], found.targets[:60_000]{letters}{column}
        images = images.reshape(-1, 28 * 28)
    """


def _pixels(of: Recomputed) -> str:
    normalised = """
        training = images[:50_000].float() / 256
        inp = (inp - training.mean().item()) / (training.std().item() or 1.0)
    """
    raw = "inp, targ = images[:n].float() / 256, labels[:n].float()\n"
    return raw + (dedent(normalised).lstrip("\n") if of.normalise else "")


def _weights(of: Recomputed) -> Cell:
    scaled = of.preset == "lesson-2019"
    first, second = (f" * math.sqrt(2 / {PIXELS})", " * (1 / math.sqrt(nh))") if scaled else ("", "")
    code = f"""
        torch.manual_seed(seed)
        w1 = torch.randn({PIXELS}, nh){first}
        w2 = torch.randn(nh, 1){second}
        b1, b2 = torch.zeros(nh), torch.zeros(1)
    """
    return _cell("## The weights to start from", code)


def _lesson(of: Recomputed) -> Cell:
    preset = PRESETS[of.preset]
    large = product_bytes(of.n, PIXELS, of.nh) > BUDGET
    gradient = lesson.lin_grad_matmul if large else lesson.lin_grad
    functions = (lesson.lin, preset.relu, lesson.mse, lesson.mse_grad, lesson.relu_grad, gradient)
    code = "\n\n".join(inspect.getsource(function) for function in functions)
    run = dedent(inspect.getsource(lesson.forward_and_backward).partition('"""')[2].partition('"""')[2]).partition("return")[0]
    names = f"\n\nrelu = {preset.relu.__name__}\n" * (preset.relu is not lesson.relu)
    names += f"\n\nlin_grad = {gradient.__name__}\n" * large
    why = f"\n\nAt this n the lesson's own line would take {product_bytes(of.n, PIXELS, of.nh):,} bytes." if large else ""
    return Cell(
        f"## The lesson\n\nForward, and back by hand: each gradient hangs on its tensor as `.g`.{why}",
        f"{code}{names}\n\n{run.strip()}\n",
    )


def _autograd() -> Cell:
    code = """
        asked = [tensor.clone().requires_grad_() for tensor in (w1, b1, w2, b2)]
        mse(lin(relu(lin(inp, *asked[:2])), *asked[2:]), targ).backward()
        for tensor, its in zip((w1, b1, w2, b2), asked):
            assert torch.allclose(tensor.g, its.grad, rtol=1e-3, atol=1e-4 * float(its.grad.abs().max()) + 1e-12)
    """
    return _cell("## Does autograd agree?", code)


def _sums(figures: Figures) -> Cell:
    lines = ["same(loss, " + repr(_short(figures.loss)) + ")"]
    for name, (total, norm) in figures.sums.items():
        lines += [f"same({name}.norm(), {_short(norm)!r})", f"same({name}.sum(), {_short(total)!r}, {_short(norm)!r})"]
    return Cell("## The loss, and the sum and the size of each gradient", "\n".join(lines) + "\n")


def _matrix(of: Recomputed, figures: Figures) -> list[Cell]:
    """What is said of the layer's gradient: from a sum in float64, where copies are copies."""
    first = of.layer == "w1"
    factors = "inp, l1.g" if first else "l2, out.g"
    largest = _short(max(map(abs, figures.entries.values())))
    named = figures.entries.items()
    entries = "\n".join(f"same(g[{row}, {column}], {_short(value)!r}, {largest!r})" for (row, column), value in named)
    same_inputs = "(images[:n] == 0).all(0)" if first else "(l1 <= 0).all(0)"
    held = "images" if first else "units"
    bias = "b1.g" if first else "b2.g"
    what = {"black": "pixels black in every image", "off": "units off for every image"}[COPIED[of.layer]]
    return [
        Cell(
            f"## `{of.layer}.g`, added up in float64",
            f"""inp_wide, out_g_wide = (tensor.double() for tensor in ({factors}))
g = inp_wide.t() @ out_g_wide
{entries}
""",
        ),
        Cell(
            f"## Copies: {what}, and rows that differ",
            f"""copied = {same_inputs}  # {held}
assert int(copied.sum()) == {figures.copied}
close = 1e-9 * g.abs().max()
one_row = {figures.background!r} * out_g_wide.sum(0)  # the one number times {bias}
assert ((g[copied] - one_row).abs() <= 1e-6 * g.abs().max()).all()

order = (g @ torch.arange(1, g.shape[1] + 1).double().cos()).argsort()  # copies come to stand side by side
rows = 1 + int((g[order].diff(dim=0).abs().amax(1) > close).sum())
assert rows == {figures.distinct}
""",
        ),
        Cell(
            "## How much each column varies, and the rank",
            f"""variance = g.var(0, correction=0)
same(variance.max(), {_short(figures.variance)!r})
assert int((variance > close ** 2).sum()) == {figures.varying}

assert int(torch.linalg.matrix_rank(g)) == {figures.rank}
values = torch.linalg.svdvals(g)
same(values[0] ** 2 / (values ** 2).sum().clamp_min(1e-300), {_short(figures.first_share)!r})
""",
        ),
    ]


def _short(value: float) -> float:
    return rounded(value, 7)


def _cell(words: str, code: str) -> Cell:
    return Cell(words, _dedent(code))


def _dedent(text: str) -> str:
    return dedent(text).strip("\n") + "\n"
