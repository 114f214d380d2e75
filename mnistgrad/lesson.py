"""The manual backward pass of a two-layer network, in the words of fast.ai's lesson (02_fully_connected, 2019).

Axes: n image, i input pixel, j hidden unit, k output. A gradient hangs on its tensor as `.g`, with the tensor's shape:
inp (n, i), targ (n,), w1 (i, j), b1 (j,), l1 and l2 (n, j), w2 (j, k), b2 (k,), out (n, k) with k = 1.
The dashboard shows these functions and records them while they run, so they stay free of annotations.
"""

import torch


def lin(x, w, b):
    """(n, i), (i, j), (j,) to (n, j)."""
    return x @ w + b


def relu(x):
    """The rectifier of the 2022 lesson; any shape."""
    return x.clamp_min(0.)


def relu_shifted(x):
    """The rectifier of the 2019 lesson, which keeps the mean near 0; its derivative is that of `relu`."""
    return x.clamp_min(0.) - 0.5


def mse(out, targ):
    """(n, 1), (n,) to a scalar; without the squeeze the difference would broadcast to (n, n)."""
    return (out.squeeze(-1) - targ).pow(2).mean()


def mse_grad(inp, targ):
    """Set inp.g (n, 1); the only place of the 1/n."""
    diff = inp.squeeze(-1) - targ
    inp.g = 2. * diff.unsqueeze(-1) / inp.shape[0]


def relu_grad(inp, out):
    """Set inp.g (n, j) from out.g (n, j): it passes where inp was positive."""
    inp.g = (inp > 0).float() * out.g


def lin_grad(inp, out, w, b):
    """Set inp.g (n, i), w.g (i, j) and b.g (j,) from out.g (n, j)."""
    inp.g = out.g @ w.t()
    w.g = (inp.unsqueeze(-1) * out.g.unsqueeze(1)).sum(0)
    b.g = out.g.sum(0)


def lin_grad_einsum(inp, out, w, b):
    """`lin_grad` with the product and the sum in one call, as the lesson writes it next."""
    inp.g = out.g @ w.t()
    w.g = torch.einsum("ni,nj->ij", inp, out.g)
    b.g = out.g.sum(0)


def lin_grad_matmul(inp, out, w, b):
    """`lin_grad` with the sum over n inside a matrix product, as the lesson writes it last."""
    inp.g = out.g @ w.t()
    w.g = inp.t() @ out.g
    b.g = out.g.sum(0)


def forward_and_backward(inp, targ, w1, b1, w2, b2,
                         relu, lin_grad):
    """Set `.g` on every tensor but targ, and return the loss. relu: the preset's; lin_grad: one of the three above."""
    l1 = lin(inp, w1, b1)
    l2 = relu(l1)
    out = lin(l2, w2, b2)
    loss = mse(out, targ)

    mse_grad(out, targ)
    lin_grad(l2, out, w2, b2)
    relu_grad(l1, l2)
    lin_grad(inp, l1, w1, b1)
    return loss
