"""Backward passes as people write them by hand, each in another manner. They run as they stand."""

from types import SimpleNamespace

import torch
import torch.nn.functional as F


def two_layers(x, y, w1, b1, w2, b2):
    """Plain torch, the squared error of two layers."""
    n = x.shape[0]
    hidden_in = x @ w1 + b1
    hidden = torch.tanh(hidden_in)
    out = hidden @ w2 + b2
    error = out.squeeze(1) - y
    loss = (error**2).mean()

    d_out = (2 / n * error)[:, None]
    d_w2 = hidden.t() @ d_out
    d_b2 = d_out.sum(dim=0)
    d_hidden = d_out @ w2.t()
    d_hidden_in = d_hidden * (1 - hidden**2)
    d_w1 = torch.einsum("ni,nj->ij", x, d_hidden_in)
    d_b1 = d_hidden_in.sum(dim=0)
    return {"loss": loss, "w1": d_w1, "b1": d_b1, "w2": d_w2, "b2": d_b2}


class Affine:
    def __init__(self, w, b):
        self.w, self.b = w, b

    def forward(self, x):
        self.x = x
        return torch.addmm(self.b, x, self.w)

    def backward(self, d):
        self.d_w = self.x.transpose(0, 1).mm(d)
        self.d_b = d.sum(0)
        return d.mm(self.w.T)


class Rectifier:
    def forward(self, x):
        self.positive = x > 0
        return x * self.positive

    def backward(self, d):
        d = d.clone()
        d[~self.positive] = 0
        return d


class SquaredError:
    def forward(self, out, y):
        self.off = out - y.unsqueeze(-1)
        return self.off.pow(2).sum() / len(y)

    def backward(self):
        return self.off * 2 / self.off.size(0)


def a_class_per_layer(x, y, w1, b1, w2, b2):
    """Each layer keeps what it needs."""
    layers = [Affine(w1, b1), Rectifier(), Affine(w2, b2)]
    cost = SquaredError()
    a = x
    for layer in layers:
        a = layer.forward(a)
    loss = cost.forward(a, y)
    d = cost.backward()
    for layer in reversed(layers):
        d = layer.backward(d)
    first, _, last = layers
    return {"loss": loss, "x": d, "w1": first.d_w, "b1": first.d_b, "w2": last.d_w, "b2": last.d_b}


def softmax_by_hand(x, labels, w, b):
    """Softmax and cross-entropy written out, with keepdim."""
    n = labels.shape[0]
    logits = x @ w + b
    shifted = logits - logits.max(1, keepdim=True).values
    counts = shifted.exp()
    total = counts.sum(1, keepdim=True)
    probs = counts / total
    loss = -probs[torch.arange(n), labels].log().mean()

    d_logits = probs.clone()
    d_logits[range(n), labels] -= 1
    d_logits /= n
    return {"loss": loss, "w": x.T @ d_logits, "b": d_logits.sum(0), "x": d_logits @ w.T}


def characters_and_batch_norm(context, following, table, w1, gain, shift, w2, b2):
    """An embedding, a hidden layer and a batch norm, every step back by hand."""
    n = context.shape[0]
    emb = table[context]
    flat = emb.view(n, -1)
    before = flat @ w1
    mean = before.mean(0, keepdim=True)
    centred = before - mean
    variance = (centred**2).sum(0, keepdim=True) / (n - 1)
    inverse = (variance + 1e-5) ** -0.5
    scaled = centred * inverse
    hidden = torch.tanh(gain * scaled + shift)
    logits = hidden @ w2 + b2
    log_probs = logits.log_softmax(1)
    loss = -log_probs[range(n), following].mean()

    d_log_probs = torch.zeros_like(log_probs)
    d_log_probs[range(n), following] = -1.0 / n
    d_logits = d_log_probs - log_probs.exp() * d_log_probs.sum(1, keepdim=True)
    d_hidden = d_logits @ w2.T
    d_w2 = hidden.T @ d_logits
    d_b2 = d_logits.sum(0)
    d_inner = (1.0 - hidden**2) * d_hidden
    d_gain = (scaled * d_inner).sum(0, keepdim=True)
    d_shift = d_inner.sum(0, keepdim=True)
    d_scaled = gain * d_inner
    d_inverse = (centred * d_scaled).sum(0, keepdim=True)
    d_centred = inverse * d_scaled
    d_variance = -0.5 * (variance + 1e-5) ** -1.5 * d_inverse
    d_centred += 2.0 / (n - 1) * centred * d_variance
    d_mean = -d_centred.sum(0, keepdim=True)
    d_before = d_centred + torch.ones_like(before) / n * d_mean
    d_flat = d_before @ w1.T
    d_w1 = flat.T @ d_before
    d_emb = d_flat.view(emb.shape)
    d_table = torch.zeros_like(table)
    for row in range(context.shape[0]):
        for place in range(context.shape[1]):
            d_table[context[row, place]] += d_emb[row, place]
    return {"loss": loss, "table": d_table, "w1": d_w1, "gain": d_gain, "shift": d_shift, "w2": d_w2, "b2": d_b2}


def like_numpy(images, labels, w1, b1, w2, b2):
    """In NumPy's manner: reshape, axis=, keepdims=, one-hot targets, and steps in place."""
    rows = images.reshape(images.shape[0], -1)
    z1 = rows.dot(w1) + b1 if rows.ndim == 1 else torch.matmul(rows, w1) + b1
    a1 = torch.maximum(z1, torch.zeros_like(z1))
    z2 = torch.matmul(a1, w2) + b2
    e = torch.exp(z2 - torch.amax(z2, axis=1, keepdims=True))
    p = e / e.sum(axis=1, keepdims=True)
    y = F.one_hot(labels, w2.shape[1])
    loss = -(y * torch.log(p)).sum(axis=1).mean()

    dz2 = (p - y) / labels.shape[0]
    dw2 = torch.matmul(a1.T, dz2)
    db2 = dz2.sum(axis=0)
    da1 = torch.matmul(dz2, w2.T)
    dz1 = torch.where(z1 > 0, da1, 0.0)
    dw1 = torch.matmul(rows.T, dz1)
    db1 = dz1.sum(axis=0)
    dimages = torch.matmul(dz1, w1.T).reshape(images.shape)
    return {"loss": loss, "w1": dw1, "b1": db1, "w2": dw2, "b2": db2, "images": dimages}


def random(*shape):
    return torch.randn(shape, generator=GENERATOR, dtype=torch.float64)


def whole(below, *shape):
    return torch.randint(below, shape, generator=GENERATOR)


GENERATOR = torch.Generator().manual_seed(13)
PASSES = {
    two_layers: SimpleNamespace(
        given=lambda: dict(x=random(11, 7), y=random(11), w1=random(7, 5), b1=random(5), w2=random(5, 1), b2=random(1)),
        axes={"x": "n i", "y": "n", "w1": "i j", "b1": "j", "w2": "j k", "b2": "k"},
    ),
    a_class_per_layer: SimpleNamespace(
        given=lambda: dict(x=random(11, 7), y=random(11), w1=random(7, 5), b1=random(5), w2=random(5, 1), b2=random(1)),
        axes={"x": "n i", "y": "n", "w1": "i j", "b1": "j", "w2": "j k", "b2": "k"},
    ),
    softmax_by_hand: SimpleNamespace(
        given=lambda: dict(x=random(11, 7), labels=whole(5, 11), w=random(7, 5), b=random(5)),
        axes={"x": "n i", "labels": "n", "w": "i c", "b": "c"},
    ),
    characters_and_batch_norm: SimpleNamespace(
        given=lambda: dict(
            context=whole(13, 11, 3),
            following=whole(13, 11),
            table=random(13, 2),
            w1=random(6, 5),
            gain=random(1, 5),
            shift=random(1, 5),
            w2=random(5, 13),
            b2=random(13),
        ),
        axes={"context": "n t", "following": "n", "table": "v d", "w1": "i j", "w2": "j c", "b2": "c"},
    ),
    like_numpy: SimpleNamespace(
        given=lambda: dict(
            images=random(11, 3, 4), labels=whole(5, 11), w1=random(12, 7), b1=random(7), w2=random(7, 5), b2=random(5)
        ),
        axes={"images": "n r c", "labels": "n", "w1": "i j", "b1": "j", "w2": "j k", "b2": "k"},
    ),
}
