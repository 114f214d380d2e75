"""What is kept is shared by every visitor: it is right, no visit changes it, and a broken data file is told."""

import dataclasses
from collections.abc import Iterator
from functools import partial
from pathlib import Path

import pytest
import torch
from app.opening import cards, headline, opened
from torch import Tensor

from mnistgrad.app import keeping
from mnistgrad.app.controls import State
from mnistgrad.app.kept import results
from mnistgrad.network import data
from mnistgrad.network.data import load_batch
from mnistgrad.network.gradients import gradients
from mnistgrad.network.presets import initial_weights
from mnistgrad.trace.window import Pick


def tensors(value: object, name: str) -> Iterator[tuple[str, Tensor]]:
    """Every tensor in a result, by where it hangs."""
    if isinstance(value, Tensor):
        yield name, value
    elif dataclasses.is_dataclass(value):
        for field in dataclasses.fields(value):
            yield from tensors(getattr(value, field.name), f"{name}.{field.name}")
    elif isinstance(value, dict):
        for key, part in value.items():
            yield from tensors(part, f"{name}[{key}]")
    elif isinstance(value, tuple):
        for place, part in enumerate(value):
            yield from tensors(part, f"{name}[{place}]")


def all_of(state: State) -> dict[str, Tensor]:
    kept = {
        "gradients": results.gradients_of(state),
        "first layer": results.weight_gradient(state, "w1"),
        "second layer": results.weight_gradient(state, "w2"),
        "batch": results.batch_of(state),
        "window": results.window_of(state, "broadcast", Pick()),
        "weights": results.weights_of(state),
        "paint": results.paint_of(state, "broadcast"),
        "mean": results.mean_image_of(state.images, state.n),
    }
    return dict(pair for name, value in kept.items() for pair in tensors(value, name))


def test_visits_leave_shared_results_as_they_are() -> None:
    state = State(n=10, nh=6)
    before = {name: tensor.clone() for name, tensor in all_of(state).items()}
    identities = {name: id(tensor) for name, tensor in all_of(state).items() if not name.startswith("batch")}
    app = opened(n=10, nh=6)
    app.number_input(key="n").set_value(3).run()
    for form in ("broadcast", "einsum", "matmul"):
        assert headline(opened("steps", n=10, nh=6, form=form, scope="whole pass", step=20))
    after = all_of(state)
    assert {name: id(tensor) for name, tensor in after.items() if not name.startswith("batch")} == identities
    assert len(after) > 20 and all(torch.equal(after[name], tensor) for name, tensor in before.items())
    shared = [name for name in after if not name.startswith("window.operations")]  # those are a recording's own
    assert not [name for name in shared if hasattr(after[name], "g")]


@pytest.mark.parametrize("state", [State(n=10, nh=6), State(n=10, nh=6, preset="lesson-2022", normalise=True, seed=4)], ids=str)
def test_kept_results_are_those_of_the_state(state: State) -> None:
    expected = gradients(load_batch(state.n, state.normalise), initial_weights(state.nh, state.seed, state.preset))
    for layer in ("w1", "w2"):
        found = results.weight_gradient(state, layer)
        assert (found.layer, found.n) == (layer, state.n)
        torch.testing.assert_close(found.g.float(), getattr(expected, layer))
        torch.testing.assert_close(getattr(results.gradients_of(state), layer), getattr(expected, layer))
    assert (state.n, 784, state.nh) in [operation.shape for operation in results.pass_of(state, "broadcast")]
    torch.testing.assert_close(results.mean_image_of("mnist", 10), load_batch(10).images.double().mean(0).flatten().float())


def test_two_visitors_do_not_change_each_others_page() -> None:
    one, other = opened(n=1), opened(n=10)
    before = cards(one)
    other.number_input(key="n").set_value(5).run()
    one.run()
    assert cards(one) == before and cards(other) != before


@pytest.fixture
def no_data(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A package whose data files are not there, as after a broken installation."""
    monkeypatch.setattr(data, "read_idx", partial(data.read_idx, folder=tmp_path))
    forget_everything()
    yield tmp_path
    monkeypatch.undo()
    forget_everything()


def forget_everything() -> None:
    data._read_mnist.cache_clear()
    for shelf in vars(keeping).values():
        if isinstance(shelf, keeping.Shelf):
            shelf._results.clear()


@pytest.mark.parametrize("page", ["", "steps"])
def test_missing_data_file_is_told_with_its_remedy(page: str, no_data: Path) -> None:
    app = opened(page, n=10)
    assert not app.exception
    (error,) = app.error
    assert "train-images-idx3-ubyte.gz is missing" in error.value and "install mnistgrad again" in error.value
    assert app.number_input(key="n").value == 10


def test_page_recovers_when_the_data_file_is_back(no_data: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    app = opened(n=10)
    assert app.error
    for name in (data.IMAGES.name, data.LABELS.name):
        (no_data / name).write_bytes((data.FOLDER / name).read_bytes())
    assert headline(app.run())
