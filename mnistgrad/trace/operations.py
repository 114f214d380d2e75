"""The one table of torch's operations: what is known of each, by its name.

To teach the dashboard another operation: a row here, and where it wants words and a picture of its own, an entry in
`mnistgrad.captions.told.TOLD` and one in `mnistgrad.pictures.diagrams.shapes.diagram.DRAWN`. Without them it is recorded and
shown with its shapes all the same.
"""

from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum

from mnistgrad.trace.axes import fresh
from mnistgrad.trace.flow import Call, Flow
from mnistgrad.trace.rules import letters, losses, moves, placing, reductions, taking

Rule = Callable[[Call], Flow]


class Effect(Enum):
    """What becomes of the numbers."""

    MADE = "new numbers, of no tensor"
    MOVED = "the same numbers in another shape"
    TAKEN = "some of the numbers, by their index"
    JOINED = "the numbers of several tensors side by side"
    PLACED = "put into places of another tensor, or added there"
    CELLWISE = "each from the numbers in its place, repeated where an axis has length 1"
    ALONG = "each from all the numbers along an axis"
    REDUCED = "added up along an axis"
    CHOSEN = "one of the numbers along an axis"
    CONTRACTED = "multiplied and added up along an axis"
    UNKNOWN = "not known"


@dataclass(frozen=True)
class TorchOperation:
    """name: torch's own, without underscores, so that an operation in place is the same. rule: how axes and numbers go through.

    sign: as it is typeset between two operands. spellings: other names of torch's for it. one_scale: whether operands and
    result are written and coloured alike. averages: whether a sum is divided by its terms. operand_bytes: of a number of its
    operand.
    """

    name: str
    effect: Effect
    rule: Rule | None
    sign: str = ""
    spellings: tuple[str, ...] = ()
    one_scale: bool = False
    averages: bool = False
    operand_bytes: int = 4


def _alike(effect: Effect, rule: Rule, names: str) -> tuple[TorchOperation, ...]:
    return tuple(TorchOperation(name, effect, rule) for name in names.split())


MOVED = (
    TorchOperation("unsqueeze", Effect.MOVED, moves.unsqueeze, one_scale=True),
    TorchOperation("squeeze", Effect.MOVED, moves.squeeze, one_scale=True),
    TorchOperation("t", Effect.MOVED, letters.transposed, spellings=("T",), one_scale=True),
    TorchOperation("transpose", Effect.MOVED, letters.swapped_two, spellings=("swapaxes", "swapdims"), one_scale=True),
    TorchOperation("mT", Effect.MOVED, letters.swapped_last, one_scale=True),
    TorchOperation("permute", Effect.MOVED, letters.permuted(letters.permutation), one_scale=True),
    TorchOperation("movedim", Effect.MOVED, letters.permuted(letters.moved), spellings=("moveaxis",), one_scale=True),
    TorchOperation("view", Effect.MOVED, moves.reshaped, spellings=("view_as",), one_scale=True),
    TorchOperation("reshape", Effect.MOVED, moves.reshaped, spellings=("reshape_as",), one_scale=True),
    TorchOperation("flatten", Effect.MOVED, moves.reshaped, spellings=("ravel",), one_scale=True),
    TorchOperation("unflatten", Effect.MOVED, moves.reshaped, one_scale=True),
    TorchOperation("expand", Effect.MOVED, moves.expanded, spellings=("expand_as", "broadcast_to"), one_scale=True),
    TorchOperation("repeat", Effect.MOVED, moves.repeated, spellings=("tile",), one_scale=True),
    TorchOperation("flip", Effect.MOVED, moves.flipped, one_scale=True),
    TorchOperation("roll", Effect.MOVED, moves.rolled, one_scale=True),
    TorchOperation("clone", Effect.MOVED, moves.same, one_scale=True),
    TorchOperation("detach", Effect.MOVED, moves.same, spellings=("data",), one_scale=True),
    TorchOperation("contiguous", Effect.MOVED, moves.same, one_scale=True),
    *_alike(Effect.MOVED, moves.triangle(lower=True), "tril"),
    *_alike(Effect.MOVED, moves.triangle(lower=False), "triu"),
    *_alike(Effect.MOVED, moves.diagonal, "diag diagonal"),
)
TAKEN = (
    TorchOperation("getitem", Effect.TAKEN, taking.getitem, one_scale=True),
    TorchOperation("select", Effect.TAKEN, taking.select, one_scale=True),
    TorchOperation("narrow", Effect.TAKEN, taking.narrow, one_scale=True),
    TorchOperation("index_select", Effect.TAKEN, taking.index_select),
    TorchOperation("gather", Effect.TAKEN, taking.gather, spellings=("take_along_dim",)),
    TorchOperation("embedding", Effect.TAKEN, taking.embedding),
    TorchOperation("unbind", Effect.TAKEN, taking.unbind, one_scale=True),
    TorchOperation("split", Effect.TAKEN, taking.split, spellings=("chunk", "tensor_split", "split_with_sizes"), one_scale=True),
)
PLACED = (
    TorchOperation("cat", Effect.JOINED, placing.cat, spellings=("concat", "concatenate"), one_scale=True),
    TorchOperation("stack", Effect.JOINED, placing.stack, one_scale=True),
    TorchOperation("setitem", Effect.PLACED, placing.setitem),
    TorchOperation("scatter", Effect.PLACED, placing.scatter(adds=False)),
    TorchOperation("scatter_add", Effect.PLACED, placing.scatter(adds=True)),
    TorchOperation("index_add", Effect.PLACED, placing.index_add),
    TorchOperation("one_hot", Effect.PLACED, taking.one_hot),
)
CELLWISE = (
    TorchOperation("add", Effect.CELLWISE, letters.cellwise, "+", ("radd", "iadd"), one_scale=True),
    TorchOperation("sub", Effect.CELLWISE, letters.cellwise, "−", ("isub", "subtract"), one_scale=True),
    TorchOperation("mul", Effect.CELLWISE, letters.cellwise, "×", ("rmul", "imul", "multiply")),
    TorchOperation("div", Effect.CELLWISE, letters.cellwise, "/", ("truediv", "true_divide", "idiv", "itruediv", "divide")),
    TorchOperation("rsub", Effect.CELLWISE, letters.cellwise, one_scale=True),
    TorchOperation("rdiv", Effect.CELLWISE, letters.cellwise, spellings=("rtruediv",)),
    TorchOperation("pow", Effect.CELLWISE, letters.cellwise, spellings=("ipow",)),
    TorchOperation("clamp_min", Effect.CELLWISE, letters.cellwise, one_scale=True),
    TorchOperation("clamp_max", Effect.CELLWISE, letters.cellwise, one_scale=True),
    TorchOperation("clamp", Effect.CELLWISE, letters.cellwise, spellings=("clip",), one_scale=True),
    TorchOperation("relu", Effect.CELLWISE, letters.cellwise, one_scale=True),
    TorchOperation("float", Effect.CELLWISE, letters.cellwise, operand_bytes=1),
    TorchOperation("where", Effect.CELLWISE, letters.where),
    TorchOperation("masked_fill", Effect.CELLWISE, letters.masked_fill),
    *_alike(Effect.CELLWISE, letters.cellwise, "rpow neg abs sign exp log log1p expm1 log2 log10 sqrt rsqrt square reciprocal"),
    *_alike(
        Effect.CELLWISE, letters.cellwise, "tanh sigmoid sin cos tan erf gelu silu leaky_relu elu softplus logsigmoid hardtanh"
    ),
    *_alike(
        Effect.CELLWISE, letters.cellwise, "floor ceil round trunc remainder fmod floor_divide floordiv maximum minimum lerp"
    ),
    *_alike(
        Effect.CELLWISE, letters.cellwise, "eq ne gt ge lt le isclose isnan isinf isfinite and or xor invert addcmul addcdiv"
    ),
    *_alike(Effect.CELLWISE, letters.cellwise, "logical_and logical_or logical_not bitwise_and bitwise_or bitwise_not dropout"),
    *_alike(
        Effect.CELLWISE, moves.same, "double half bfloat16 int long bool to type type_as cpu cuda conj real imag resolve_conj"
    ),
    *_alike(Effect.PLACED, moves.copied, "copy"),
)
ALONG = (
    *_alike(Effect.ALONG, reductions.along, "softmax log_softmax normalize"),
    *_alike(Effect.ALONG, reductions.running, "cumsum"),
    *_alike(Effect.ALONG, moves.normed, "layer_norm batch_norm rms_norm group_norm instance_norm"),
    *_alike(Effect.ALONG, moves.ordered, "sort argsort topk"),
)
REDUCED = (
    TorchOperation("sum", Effect.REDUCED, reductions.summed),
    TorchOperation("mean", Effect.REDUCED, reductions.summed, averages=True),
    TorchOperation("var", Effect.REDUCED, reductions.deviations),
    TorchOperation("std", Effect.REDUCED, reductions.deviations),
    *_alike(Effect.REDUCED, reductions.reduced, "prod logsumexp norm all any count_nonzero var_mean std_mean"),
    TorchOperation("mse_loss", Effect.REDUCED, losses.mse_loss, averages=True),
    TorchOperation("l1_loss", Effect.REDUCED, losses.l1_loss, averages=True),
    TorchOperation("binary_cross_entropy", Effect.REDUCED, losses.binary_cross_entropy, averages=True),
    TorchOperation("binary_cross_entropy_with_logits", Effect.REDUCED, losses.binary_cross_entropy_with_logits, averages=True),
    TorchOperation("cross_entropy", Effect.REDUCED, losses.cross_entropy, averages=True),
    TorchOperation("nll_loss", Effect.REDUCED, losses.nll_loss, averages=True),
    *_alike(Effect.CHOSEN, reductions.extreme, "max min amax amin median"),
    *_alike(Effect.CHOSEN, reductions.extreme_place, "argmax argmin"),
)
CONTRACTED = (
    TorchOperation("matmul", Effect.CONTRACTED, letters.matmul, spellings=("rmatmul", "mm", "bmm", "mv")),
    TorchOperation("einsum", Effect.CONTRACTED, letters.einsum),
    TorchOperation("dot", Effect.CONTRACTED, letters.dot, spellings=("vdot",)),
    TorchOperation("outer", Effect.CELLWISE, letters.outer, spellings=("ger",)),
    TorchOperation("linear", Effect.CONTRACTED, letters.linear),
    TorchOperation("addmm", Effect.CONTRACTED, letters.addmm, spellings=("addmv", "baddbmm")),
)
MADE = (
    *_alike(Effect.MADE, moves.like, "zeros_like ones_like full_like empty_like rand_like randn_like"),
    *_alike(Effect.MADE, moves.like, "zero fill normal uniform bernoulli"),
    *_alike(Effect.MADE, moves.drawn, "multinomial"),
    *_alike(Effect.MADE, moves.made, "zeros ones full empty arange linspace eye tensor as_tensor from_numpy asarray"),
    *_alike(Effect.MADE, moves.made, "rand randn randint randperm new_zeros new_ones new_full new_empty new_tensor"),
)
OPERATIONS = {row.name: row for row in (*MOVED, *TAKEN, *PLACED, *CELLWISE, *ALONG, *REDUCED, *CONTRACTED, *MADE)}
UNKNOWN = TorchOperation("", Effect.UNKNOWN, None)
SPELLINGS = {spelling: row.name for row in OPERATIONS.values() for spelling in row.spellings}


def operation_name(function: str) -> str:
    """torch's own name without its underscores and spellings: "__rmul__" is "mul"."""
    plain = function.strip("_")
    return SPELLINGS.get(plain, plain)


def flow_of(name: str, call: Call) -> Flow:
    """How axes and numbers go through an operation. Axes have no names where no rule fits it, and nothing is known of numbers."""
    rule = OPERATIONS.get(name, UNKNOWN).rule
    try:
        found = rule(call) if rule else None
    except Exception:  # used otherwise than the rule knows: nothing raises but the reader's own code
        found = None
    return found if found and len(found.axes) == len(call.sizes) else Flow(fresh(*call.sizes))
