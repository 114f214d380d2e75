"""A test of many cases that stays one test: of parameters, pytest makes as many tests, and sends each from process to process."""

import inspect
from collections.abc import Callable, Iterable, Sequence
from functools import wraps
from reprlib import Repr
from typing import Any

short = Repr()
short.maxstring = short.maxother = 200


def over(names: str | Sequence[str], cases: Iterable[Any]) -> Callable[[Callable[..., None]], Callable[..., None]]:
    """As pytest.mark.parametrize, in a loop; a failure says of which case. Fixtures of a test last for all its cases."""
    wanted = [name.strip() for name in names.split(",")] if isinstance(names, str) else [*names]
    listed = [(case,) if wanted == [names] else tuple(case) for case in cases]
    assert listed and all(len(case) == len(wanted) for case in listed), f"not one value for each of {wanted}"

    def looped(test: Callable[..., None]) -> Callable[..., None]:
        @wraps(test)
        def over_all(**fixtures: object) -> None:
            __tracebackhide__ = True
            for case in listed:
                given = dict(zip(wanted, case, strict=True))
                try:
                    test(**fixtures, **given)
                except BaseException as error:
                    error.add_note("where " + ", ".join(f"{name} = {short.repr(value)}" for name, value in given.items()))
                    raise

        signature = inspect.signature(test)
        left = [parameter for name, parameter in signature.parameters.items() if name not in wanted]
        assert len(left) == len(signature.parameters) - len(wanted), f"{test.__name__} takes no {wanted}"
        over_all.__signature__ = signature.replace(parameters=left)  # type: ignore[attr-defined]  # pytest reads its fixtures there
        return over_all

    return looped
