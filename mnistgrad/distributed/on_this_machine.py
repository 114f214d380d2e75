"""Workers on this machine alone: what they meet at listens to nobody else, as torchrun's would, and nothing is put into files."""

import socket
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager

from torch._C._distributed_c10d import TCPStore

from mnistgrad.common.processes import ONE_THREAD, process

HERE = "127.0.0.1"
LOOPBACK = "lo"  # how the name of its interface begins


def run_workers(arguments: Sequence[str], count: int) -> str:
    """What the first of `count` workers prints, each a Python with these arguments that must `end_with_input`.

    Raises CalledProcessError where one of them failed.
    """
    with _meeting() as place, ExitStack() as begun:
        places = [place | {"RANK": str(rank), "LOCAL_RANK": str(rank), "WORLD_SIZE": str(count)} for rank in range(count)]
        workers = [begun.enter_context(process(arguments, "utf-8", **ONE_THREAD, **each)) for each in places]
        first = workers[0].stdout
        assert first
        printed: str = first.read()
        for worker in workers:
            if code := worker.wait():
                raise subprocess.CalledProcessError(code, [sys.executable, *arguments])
    return printed


@contextmanager
def _meeting() -> Iterator[dict[str, str]]:
    """What the workers meet at, in torchrun's words, for their environment."""
    with socket.create_server((HERE, 0)) as server:
        port = server.getsockname()[1]
        store = TCPStore(HERE, port, is_master=True, wait_for_workers=False, master_listen_fd=server.detach())
    place = {"MASTER_ADDR": HERE, "MASTER_PORT": str(port), "TORCHELASTIC_USE_AGENT_STORE": "True"}
    names = [name for _, name in socket.if_nameindex() if name.startswith(LOOPBACK)]
    try:
        yield place | {"TORCHELASTIC_RESTART_COUNT": "0"} | ({"GLOO_SOCKET_IFNAME": names[0]} if names else {})
    finally:
        del store
