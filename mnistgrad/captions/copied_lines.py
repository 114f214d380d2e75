"""Lines to copy from a card into one's own notebook, in the lesson's names: they give what the card shows."""

SPECTRUM = "torch.linalg.svdvals(inp.double().t() @ l1.g.double())"
RANK = "torch.linalg.matrix_rank(inp.double().t() @ l1.g.double())"
FACTORS = {"w1": ("inp", "l1.g"), "w2": ("l2", "out.g")}


def rows(first: int, count: int) -> str:
    return f"w1.g[{first}:{first + count}]"


def variance(layer: str, axis: int = 0) -> str:
    """Of the columns (0) or of the rows (1)."""
    return f"{layer}.g.var({axis}, correction=0)"


def distances(background: float) -> str:
    return f"(w1.g - {background:.7g} * b1.g).norm(dim=1)"


def unit(column: int) -> str:
    return f"w1.g[:, {column}].view(28, 28)"


UNITS = "w1.g.t().view(-1, 28, 28)"
OUTPUT = "w2.g[:, 0]"


def terms(layer: str, row: int, column: int) -> str:
    """Each image's, as if it were alone."""
    return f"n * {_terms(layer, row, column)}"


def running_sum(layer: str, row: int, column: int) -> str:
    return f"({_terms(layer, row, column)}).cumsum(0)"


def _terms(layer: str, row: int, column: int) -> str:
    inp, out_g = FACTORS[layer]
    return f"{inp}[:, {row}] * {out_g}[:, {column}]"


def deviation(layer: str, column: int | None = None) -> str:
    """Over the images, of one column or of all."""
    inp, out_g = FACTORS[layer]
    at = "" if column is None else f"[:, {column}]"
    return f"({inp}.square().t() @ (n * {out_g}{at}).square() / n - {layer}.g{at}.square()).clamp_min(0).sqrt()"


def signal_to_noise() -> str:
    return f"w1.g.abs() / {deviation('w1')}"
