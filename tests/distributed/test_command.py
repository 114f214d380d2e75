"""The command: what the README says, files of any size, what is refused, and how it ends."""

import json
import re
import shlex
import subprocess
import sys
from contextlib import ExitStack
from pathlib import Path

import numpy as np
import pytest
import torch
from distributed.started import CHECKOUT, COMMAND, torchrun
from patience import ENDED_WITHIN
from server import free_port

import mnistgrad as mg
from mnistgrad.app.command.split import EPILOG, METHODS, commands, main
from mnistgrad.common.devices import DEVICES
from mnistgrad.network.data import mnist
from mnistgrad.training.descent import TRAINING_METHODS

FEW = 1_300
PEAKS = """
import json, sys
from pathlib import Path
from mnistgrad.cost.measuring import peak_bytes
from mnistgrad.distributed.gradient import split_gradients
from mnistgrad.distributed.images import streamed
from mnistgrad.distributed.shares import survey
from mnistgrad.distributed.sweep import Steps, reaches_at, split_sweep
from mnistgrad.distributed.workers import Workers
from mnistgrad.network.presets import initial_weights

def run(size):
    images, weights, alone = streamed(*(Path(f"{what}{size}") for what in ("images", "labels"))), initial_weights(2), Workers()
    known = survey(images, alone)
    split_gradients(images, size, weights, True, known, alone)
    split_sweep(images, Steps(reaches_at(images, [1, size], alone), {}), weights, known.moments(True), alone)

run(3000)
print(json.dumps([peak_bytes(lambda: run(size)) for size in (30000, 300000)]))
"""


def readme_commands(name: str) -> list[str]:
    (block,) = re.findall(rf"<!-- {name} -->\n```sh\n(.*?)```", (CHECKOUT / "README.md").read_text(), re.DOTALL)
    return block.splitlines()


def given_to_torchrun(command: str) -> list[str]:
    program, workers, *given = shlex.split(command)
    assert (program, workers) == ("torchrun", "--nproc-per-node=2")
    return given


def test_commands_of_the_readme_do_what_it_says(tmp_path: Path) -> None:
    said = []
    for command in readme_commands("split"):
        with torchrun(*given_to_torchrun(command), folder=tmp_path) as process:
            said.append(process.communicate(timeout=ENDED_WITHIN))
        assert process.returncode == 0 and "2 workers: " in said[-1][1], said[-1]
    sweep = (tmp_path / "sweep.txt").read_text()
    assert len(sweep.splitlines()) == 1 + 12 and sorted(path.name for path in tmp_path.iterdir()) == ["gradient.npz", "sweep.txt"]
    with np.load(tmp_path / "gradient.npz") as found:
        expected = mg.gradients(mg.load_batch(1_000), mg.initial_weights())
        assert set(found.files) == {"w1", "b1", "w2", "b2", "loss"}
        assert abs(found["w1"] - expected.w1.numpy()).max() <= 1e-6 * abs(found["w1"]).max()
    assert said[2][0].startswith("method,seed,step,training loss,read right [share]\ntrue gradient,0,0,")


def test_on_two_hosts_it_finds_what_one_process_finds(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    """Each host is a torchrun of its own, in a folder of its own, started as the README says and the help too."""
    (said,) = (command.partition(" -m ")[0] for command in readme_commands("hosts"))
    assert f"  {said} -m " in EPILOG
    program, *how = shlex.split(said.replace("HOST:29400", f"127.0.0.1:{free_port()}"))
    assert program == "torchrun" and "--nnodes=2" in how
    given, folders = ("gradient", "--count", "1000", "--format", "npz", "--out"), [tmp_path / name for name in ("here", "there")]
    with ExitStack() as hosts:
        for folder in folders:
            folder.mkdir()
        begun = [hosts.enter_context(torchrun(*COMMAND, *given, "found.npz", folder=folder, how=how)) for folder in folders]
        says = [host.communicate(timeout=ENDED_WITHIN) for host in begun]
    assert [host.returncode for host in begun] == [0, 0], says
    (written,) = tmp_path.rglob("found.npz")
    assert carried_out(capfd, *given, str(tmp_path / "alone.npz"))[0] == 0
    with np.load(written) as found, np.load(tmp_path / "alone.npz") as alone:
        for name in alone.files:
            assert abs(found[name] - alone[name]).max() <= 1e-6 * abs(alone[name]).max(), name


def carried_out(capfd: pytest.CaptureFixture[str], *given: str) -> tuple[int, str, str]:
    """In this process, alone."""
    with pytest.raises(SystemExit) as ended:
        main(given)
    said = capfd.readouterr()
    return int(ended.value.code or 0), said.out, said.err


@pytest.fixture
def files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The first images of MNIST as IDX and as npy, in the folder that we are in."""
    monkeypatch.chdir(tmp_path)
    source = mnist()
    images, labels = source.images[:FEW].numpy(), source.labels[:FEW].numpy()
    np.save(tmp_path / "images.npy", images.reshape(FEW, 784))
    np.save(tmp_path / "labels.npy", labels)
    for name, array in (("images.idx", images), ("labels.idx", labels)):
        head = bytes([0, 0, 8, array.ndim]) + b"".join(size.to_bytes(4, "big") for size in array.shape)
        (tmp_path / name).write_bytes(head + array.tobytes())
    return tmp_path


@pytest.mark.parametrize("kind", ["npy", "idx"])
def test_a_file_gives_what_the_same_images_in_memory_give(kind: str, files: Path, capfd: pytest.CaptureFixture[str]) -> None:
    of_files, raw = (
        ("--images", f"images.{kind}", "--labels", f"labels.{kind}"),
        ("--normalise", "false", "--nh", "7", "--n", "700"),
    )
    for name, options in (
        ("gradient", ("--format", "json")),
        ("sweep", ("--format", "json")),
        ("train", ("--steps", "3", "--batch", "9", "--format", "json")),
    ):
        read, kept = (carried_out(capfd, name, *raw, *options, *more) for more in (of_files, ()))
        assert read[0] == kept[0] == 0
        found, expected = (json.loads(said[1]) for said in (read, kept))
        for row in (*found, *expected):
            row.pop("read right [share]", None)  # of other images
        assert found == expected
    assert {path.name for path in files.iterdir()} == {"images.npy", "labels.npy", "images.idx", "labels.idx"}


@pytest.mark.parametrize(
    ("given", "code", "says"),
    [
        ("gradient --images nowhere", 2, "'nowhere' is neither a file nor one of mnist, fashion"),
        ("gradient --images images.npy", 2, "--labels FILE"),
        ("gradient --images images.npy --labels images.npy", 1, "holds an array of shape (1300, 784)"),
        ("gradient --images labels.npy --labels labels.npy", 1, "holds an array of shape (1300,)"),
        ("gradient --images cut.npy --labels labels.npy", 1, "promises 1,019,200 bytes in its header and holds 400"),
        ("gradient --images floats.npy --labels labels.npy", 1, "holds an array of float64"),
        ("gradient --images junk --labels labels.npy", 1, "is neither; allowed are uncompressed IDX or npy"),
        ("gradient --images images.npy --labels few.npy", 1, "has 3 labels for 1,300 images"),
        ("gradient --images images.npy --labels odd.npy", 1, "has a label 255"),
        ("gradient --n 50001", 2, "50001 is not possible; allowed are 1 to 50,000"),
        ("gradient --nh 0", 2, "nh is 0; allowed are 1 to 512"),
        ("gradient --preset x", 2, "preset is 'x'; allowed are"),
        ("gradient --seed -1", 2, "seed is -1; allowed are"),
        ("train --rate 7", 2, "rate is 7.0; allowed are"),
        ("train --network x", 2, "network is 'x'; allowed are"),
        ("train --methods false", 2, "'false' is not one of true, rank-1"),
        ("train --batch 0", 2, "batch_size is 0; allowed are"),
        ("sweep --layer w3", 2, "is not one of 'w1', 'w2'"),
        ("sweep --n 3 --checkpoint junk", 1, "The checkpoint junk is damaged"),
        ("sweep --n 3 --checkpoint nowhere/kept", 1, "Cannot write nowhere/kept"),
        ("gradient --out nowhere.txt --format csv", 1, "does not end in .csv"),
        ("measure", 2, "No such command 'measure'"),
    ],
)
def test_what_cannot_be_done_is_told(given: str, code: int, says: str, files: Path, capfd: pytest.CaptureFixture[str]) -> None:
    (files / "cut.npy").write_bytes((files / "images.npy").read_bytes()[:528])
    (files / "junk").write_bytes(b"junk")
    np.save(files / "floats.npy", np.zeros((3, 784)))
    np.save(files / "few.npy", np.zeros(3, np.uint8))
    np.save(files / "odd.npy", np.full(FEW, 255, np.uint8))
    found = carried_out(capfd, *shlex.split(given))
    assert says in found[2] and not found[1] and found[0] in (code, 2 if "does not end" in says else code), found


def test_device_that_is_not_there_is_told(capfd: pytest.CaptureFixture[str]) -> None:
    if torch.cuda.is_available():
        pytest.skip("there is a GPU")
    code, _, says = carried_out(capfd, "gradient", "--device", "cuda")
    assert code == 2 and "torch finds no GPU here" in says


def test_choices_that_stand_ready_are_the_engines() -> None:
    options = {option.name: option for option in commands.commands["gradient"].params}
    assert tuple(TRAINING_METHODS) == METHODS and tuple(options["device"].type.choices) == DEVICES


def test_help_is_there_without_the_engine() -> None:
    code = "import sys; from mnistgrad.app.command.split import commands; commands(['sweep', '--help'], standalone_mode=False);"
    done = subprocess.run(
        [sys.executable, "-c", f"{code} print('torch' in sys.modules)"], cwd=CHECKOUT, capture_output=True, text=True
    )
    assert "--checkpoint" in done.stdout and done.stdout.endswith("False\n")


@pytest.mark.skipif(not Path("/proc/self/clear_refs").exists(), reason="this system does not tell a process its peak memory")
def test_memory_does_not_grow_with_the_set(tmp_path: Path) -> None:
    for size in (3_000, 30_000, 300_000):  # 235 MB of zeros, which take no room on a disk
        for name, shape in (("images", (size, 28, 28)), ("labels", (size,))):
            head = bytes([0, 0, 8, len(shape)]) + b"".join(each.to_bytes(4, "big") for each in shape)
            with (tmp_path / f"{name}{size}").open("wb") as file:
                file.write(head)
                file.truncate(len(head) + int(np.prod(shape)))
    environment = {"PYTHONPATH": str(CHECKOUT), "PATH": ""}
    done = subprocess.run(
        [sys.executable, "-c", PEAKS], cwd=tmp_path, env=environment, capture_output=True, text=True, timeout=ENDED_WITHIN
    )
    small, large = json.loads(done.stdout)
    assert large < small + 20_000_000 < 100_000_000, (small, large)
