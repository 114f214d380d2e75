"""Functions of the lesson with a line as learners write it wrongly.

Each stands for the function of the same name in `mnistgrad.lesson` and differs from it in the fewest lines. The dashboard
shows these lines and runs them as they stand, so they stay free of annotations.
"""


def lin_times(x, w, b):
    """`*` multiplies cell by cell; it is no matrix product."""
    return x * w + b


def mse_without_squeeze(out, targ):
    """(n, 1) - (n,) broadcasts to (n, n)."""
    return (out - targ).pow(2).mean()


def mse_grad_without_squeeze(inp, targ):
    """The same broadcast one function later."""
    diff = inp - targ
    inp.g = 2.0 * diff.unsqueeze(-1) / inp.shape[0]


def mse_grad_without_either(inp, targ):
    """No squeeze, and so no unsqueeze to undo it."""
    diff = inp - targ
    inp.g = 2.0 * diff / inp.shape[0]


def mse_grad_without_n(inp, targ):
    """The loss is a mean over n, and its gradient keeps the 1/n."""
    diff = inp.squeeze(-1) - targ
    inp.g = 2.0 * diff.unsqueeze(-1)


def relu_grad_of_out(inp, out):
    """Asks what came out of the rectifier, which the shifted one has moved."""
    inp.g = (out > 0).float() * out.g


def lin_grad_without_t(inp, out, w, b):
    """w is (i, j), and going back takes (j, i)."""
    inp.g = out.g @ w
    w.g = (inp.unsqueeze(-1) * out.g.unsqueeze(1)).sum(0)
    b.g = out.g.sum(0)


def lin_grad_flat_inp(inp, out, w, b):
    """(n, i) against (n, 1, j)."""
    inp.g = out.g @ w.t()
    w.g = (inp * out.g.unsqueeze(1)).sum(0)
    b.g = out.g.sum(0)


def lin_grad_flat_out(inp, out, w, b):
    """(n, i, 1) against (n, j)."""
    inp.g = out.g @ w.t()
    w.g = (inp.unsqueeze(-1) * out.g).sum(0)
    b.g = out.g.sum(0)


def lin_grad_both_flat(inp, out, w, b):
    """(n, i) against (n, j)."""
    inp.g = out.g @ w.t()
    w.g = (inp * out.g).sum(0)
    b.g = out.g.sum(0)


def lin_grad_unsqueeze_0(inp, out, w, b):
    """(n, i, 1) against (1, n, j): the images of the one stand against the pixels of the other."""
    inp.g = out.g @ w.t()
    w.g = (inp.unsqueeze(-1) * out.g.unsqueeze(0)).sum(0)
    b.g = out.g.sum(0)


def lin_grad_sum_1(inp, out, w, b):
    """Adds over the pixels instead of the images."""
    inp.g = out.g @ w.t()
    w.g = (inp.unsqueeze(-1) * out.g.unsqueeze(1)).sum(1)
    b.g = out.g.sum(0)


def lin_grad_sum_last(inp, out, w, b):
    """Adds over the units instead of the images."""
    inp.g = out.g @ w.t()
    w.g = (inp.unsqueeze(-1) * out.g.unsqueeze(1)).sum(-1)
    b.g = out.g.sum(0)


def lin_grad_mean(inp, out, w, b):
    """Takes the mean; the 1/n is in out.g already."""
    inp.g = out.g @ w.t()
    w.g = (inp.unsqueeze(-1) * out.g.unsqueeze(1)).mean(0)
    b.g = out.g.sum(0)
