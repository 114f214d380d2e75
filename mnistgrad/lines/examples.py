"""Lines to begin with: the lesson's, the same as learners write them wrongly, others' backward passes, and questions."""

from collections.abc import Mapping
from dataclasses import dataclass

from mnistgrad.lines.typed_lines import parse_lines
from mnistgrad.lines.wrong_lines import WRONG_LINES, WrongLine, changed_lines
from mnistgrad.trace.source import code_lines

LESSONS_SHAPES = {  # what the lesson's functions take; n, i, j and k have the lesson's sizes
    "lin": "x: n, i\nw: i, j\nb: j",
    "mse": "out: n, k\ntarg: n",
    "mse_grad": "inp: n, k\ntarg: n",
    "relu_grad": "inp: n, j\nout: n, j\nout.g: n, j",
    "lin_grad": "inp: n, i\nout.g: n, j\nw: i, j",
}


@dataclass(frozen=True)
class Example:
    """wrong: the name of the wrong line that it is, if it is one."""

    lines: str
    shapes: str
    wrong: str = ""


def _wrong(line: WrongLine) -> Example:
    """The changed line; of a short function all of it, so that what follows is seen too."""
    body = [code.text.strip() for code in code_lines(line.wrong)[1:]]
    changed = [wrong.text.strip() for _, wrong in changed_lines(line)]
    lines = "\n".join(changed if line.function == "lin_grad" else body)
    shapes = LESSONS_SHAPES[line.function].split("\n")
    inputs = parse_lines(lines).inputs
    return Example(lines, "\n".join(shape for shape in shapes if shape.split(":")[0] in inputs), line.name)


WRITTEN_WRONGLY = {name: _wrong(line) for name, line in WRONG_LINES.items()}
WRONG_BY_LINES = {example.lines: example.wrong for example in WRITTEN_WRONGLY.values()}
LESSON = {
    "w.g by broadcasting": Example("w.g = (inp.unsqueeze(-1) * out.g.unsqueeze(1)).sum(0)", "inp: n, i\nout.g: n, j"),
    "w.g by einsum": Example('w.g = torch.einsum("ni,nj->ij", inp, out.g)', "inp: n, i\nout.g: n, j"),
    "w.g by @": Example("w.g = inp.t() @ out.g", "inp: n, i\nout.g: n, j"),
    "inp.g": Example("inp.g = out.g @ w.t()", "out.g: n, j\nw: i, j"),
    "relu": Example("inp.g = (inp > 0).float() * out.g", "inp: n, j\nout.g: n, j"),
    "mse": Example("diff = inp.squeeze(-1) - targ\ninp.g = 2. * diff.unsqueeze(-1) / inp.shape[0]", "inp: n, k\ntarg: n"),
}
OTHERS = {
    "dW of a layer": Example("dW = h.t() @ dlogits", "h: n=32, j=64\ndlogits: n=32, k=27"),
    "bias gradient": Example("b.g = out.g.sum(0)", "out.g: n=32, j=27"),
    "with keepdim": Example("b.g = out.g.sum(0, keepdim=True)", "out.g: n=32, j=27"),
    "softmax backward": Example(
        "p = logits.softmax(-1)\nlogits.g = p * (p.g - (p * p.g).sum(-1, keepdim=True))", "logits: n=32, k=10\np.g: n=32, k=10"
    ),
    "batch norm": Example(
        "mean = x.mean(0, keepdim=True)\nvar = x.var(0, keepdim=True)\ny = gain * (x - mean) / (var + 1e-5).sqrt() + bias",
        "x: n=32, j=64\ngain: 1, j=64\nbias: 1, j=64",
    ),
    "two shapes": Example("a * b", "a: 8, 5, 1\nb: 8, 1, 4"),
    "a clash": Example("a * b", "a: 1000, 784\nb: 1000, 50"),
    "a trap": Example("out - targ", "out: n=32, k=1\ntarg: n=32"),
    "einsum": Example('torch.einsum("bik,bjk->bij", q, k)', "q: batch=4, i=6, k=8\nk: batch=4, j=5, k=8"),
}
QUESTIONS = {
    "Why sum(0) for a bias?": Example(
        "out = l + b\nb.g = out.g.sum(0)\nrow.g = out.g.sum(0, keepdim=True)", "l: n=4, j=3\nb: j=3\nout.g: n=4, j=3"
    ),
    "What if one is repeated?": Example(
        "y = x * s\ns.g = (y.g * x).sum(1, keepdim=True)", "x: n=4, j=3\ns: n=4, 1\ny.g: n=4, j=3"
    ),
    "Why is nn.Linear (out, in)?": Example(
        "out = F.linear(x, weight, bias)\nsame = x @ weight.t() + bias\nweight.g = out.g.t() @ x\nw.g = x.t() @ out.g",
        "x: n=4, i=3\nweight: j=2, i=3\nbias: j=2\nout.g: n=4, j=2",
    ),
    "Why no Jacobian?": Example(
        "out = inp @ w\nloss = (out - targ).pow(2).sum()\nout.g = 2 * (out - targ)\n"
        'J = torch.einsum("ni,jm->njim", inp, torch.eye(2))\n'
        'long = torch.einsum("nj,njim->im", out.g, J)\nw.g = inp.t() @ out.g',
        "inp: n=3, i=4\nw: i=4, j=2\ntarg: n=3, j=2",
    ),
}
GROUPS: Mapping[str, Mapping[str, Example]] = {
    "The lesson's": LESSON,
    "Written wrongly": WRITTEN_WRONGLY,
    "Others": OTHERS,
    "Questions": QUESTIONS,
}
FIRST = OTHERS["dW of a layer"]


def place_of(lines: str, shapes: str) -> tuple[str, str]:
    """The group and the name of the example that was typed; "" for lines of one's own. A wrong line is one in any shapes."""
    for group, examples in GROUPS.items():
        for name, example in examples.items():
            if example.lines == lines and (example.wrong or example.shapes == shapes):
                return group, name
    return "", ""
