"""Work that would hold Python's lock, in a process of its own, out of the way of whoever else is served here.

Only a process that serves many readers does so, once it `serves_many`: elsewhere, as in a notebook, a command or a simulated
page, nobody else waits, and the same work is done here and now.
"""

import os
import pickle
import sys
import traceback
from collections.abc import Callable
from contextlib import ExitStack, suppress
from queue import SimpleQueue
from subprocess import Popen
from threading import Lock, Thread
from typing import Any, TypeVar

from mnistgrad.common.faults import Ended
from mnistgrad.common.processes import ONE_THREAD, process

R = TypeVar("R")
Tell = Callable[[Any], object]
LESS_URGENT = 10  # than what readers wait for, as `nice` counts
TOLD, DONE, FAILED = range(3)
_many = False


def serve_many() -> None:
    """From now on, in this process."""
    global _many
    _many = True


def carry_out(
    work: Callable[..., R],
    *given: object,
    take: Tell = lambda told: None,
    begun: Callable[[Callable[[], None]], object] = lambda end: None,
) -> R:
    """What `work(tell, *given)` returns, a function of a module. take: told whatever it tells meanwhile; may raise, to end it.

    begun: told how to end the work at once, from any thread. Raises what the work raised, and Ended where its process ended
    before it did.
    """
    if not _many:
        return work(take, *given)
    with _helper(LESS_URGENT) as helper:
        begun(helper.kill)
        return _ask(helper, (work, given), take)


class Standing:
    """A process that stands ready for short work, one piece after another: begun with the first, anew where it has ended."""

    def __init__(self) -> None:
        self._turn = Lock()
        self._open = ExitStack()
        self._helper: Popen[bytes] | None = None

    def carry_out(self, work: Callable[..., R], *given: object) -> R:
        """As the function of that name."""
        if not _many:
            return work(lambda told: None, *given)
        with self._turn:
            if self._helper:
                with suppress(Ended):  # perhaps before it was asked
                    return self._ask(work, given)
            return self._ask(work, given)

    def _ask(self, work: Callable[..., R], given: tuple[object, ...]) -> R:
        self._helper = self._helper or self._open.enter_context(_helper(0))
        try:
            return _ask(self._helper, (work, given), lambda told: None)
        except BaseException:  # what else it would tell nobody reads
            self.end()
            raise

    def end(self) -> None:
        """Its process; another begins where it is asked again."""
        self._helper = None
        self._open.close()


def _helper(less_urgent: int) -> Any:
    return process(["-m", "mnistgrad.common.beside", str(less_urgent)], **ONE_THREAD)


def _ask(helper: "Popen[bytes]", asked: object, take: Tell) -> Any:
    assert helper.stdin and helper.stdout
    with suppress(BrokenPipeError):  # its end is noticed below
        pickle.dump(pickle.dumps(asked), helper.stdin)
        helper.stdin.flush()
    while True:
        try:
            what, told = pickle.load(helper.stdout)
        except (EOFError, pickle.UnpicklingError):
            raise Ended(helper.wait()) from None
        if what == DONE:
            return told
        if what == FAILED:
            raise _error(*told)
        take(told)


def main() -> None:
    """Of the process: work comes in, and what it tells goes out. It ends with its input, whatever is under way."""
    if hasattr(os, "nice"):
        os.nice(int(sys.argv[1]))
    output = os.fdopen(os.dup(sys.stdout.fileno()), "wb")
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())  # what anything prints is no answer
    asked: SimpleQueue[bytes] = SimpleQueue()
    Thread(target=_listen, args=[asked], daemon=True).start()

    def tell(told: object, what: int = TOLD) -> None:
        try:
            pickle.dump((what, told), output)
            output.flush()
        except BrokenPipeError:  # nobody reads it any more
            os._exit(1)

    while True:
        try:
            work, given = pickle.loads(asked.get())
            tell(work(tell, *given), DONE)
        except Exception as error:
            error.add_note(f"In a process of its own: {traceback.format_exc()}")
            tell(_plain(error), FAILED)


def _listen(asked: "SimpleQueue[bytes]") -> None:
    """What is read becomes work elsewhere, which can take seconds of imports: the end of the input is noticed meanwhile."""
    with suppress(EOFError):
        while True:
            asked.put(pickle.load(sys.stdin.buffer))
    os._exit(1)


def _plain(error: BaseException) -> tuple[type[BaseException], Any, dict[str, Any]]:
    """As it can be told: some errors cannot be made of their arguments alone."""
    plain = type(error), error.args, vars(error)
    try:
        pickle.dumps(plain)
    except Exception:
        return RuntimeError, (repr(error),), {"__notes__": error.__notes__}
    return plain


def _error(kind: type[BaseException], arguments: Any, held: dict[str, Any]) -> BaseException:
    error = kind.__new__(kind, *arguments)
    vars(error).update(held)
    return error


if __name__ == "__main__":
    main()
