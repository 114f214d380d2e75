"""The arguments and results of torch's functions: which are tensors, and whether an operand is changed."""

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from torch import Tensor

from mnistgrad.trace.nested import every
from mnistgrad.trace.source import Arrangement

QUIET = {"requires_grad_", "retain_grad", "share_memory_", "_make_subclass", "_make_wrapper_subclass"}  # compute nothing


def function_name(func: Any) -> str:
    """torch's; of a property, which is read by its "__get__", the property's."""
    name = getattr(func, "__name__", "")
    return str(func.__self__.__name__ if name == "__get__" else name)


def changes_operand(func: Any, kwargs: Mapping[str, Any]) -> bool:
    """torch's names end in an underscore then, as add_ does."""
    name = function_name(func)
    return (name.endswith("_") and not name.endswith("__")) or name == "__setitem__" or kwargs.get("out") is not None


def results_of(func: Any, args: Any, result: Any) -> list[Tensor]:
    """The tensors that it gives; an assignment to a part gives the whole."""
    name = function_name(func)
    if name == "__setitem__":
        return [args[0]]
    return [] if name in QUIET else every(Tensor, result if isinstance(result, tuple | list) else (result,))


def arrangement(argument: Any) -> Arrangement:
    """Which of an argument's parts are tensors."""
    if isinstance(argument, tuple | list):
        return tuple(arrangement(part) for part in argument)
    return isinstance(argument, Tensor)


def replaced(argument: Any, change: Callable[[Tensor], Any]) -> Any:
    """The argument with something else in the place of each tensor."""
    if isinstance(argument, Tensor):
        return change(argument)
    if isinstance(argument, tuple | list):
        parts = [replaced(part, change) for part in argument]
        return parts if isinstance(argument, list) else tuple(parts)
    return argument


def plain_arguments(args: Iterable[Any], kwargs: Mapping[str, Any]) -> tuple[Any, ...]:
    """Those that are no tensors and hold none."""
    return tuple(argument for argument in (*args, *kwargs.values()) if not every(Tensor, (argument,)))
