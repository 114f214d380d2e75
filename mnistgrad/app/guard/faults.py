"""What a reader is told where something fails: that it did, and what to do. What it was stands in the server's log alone."""

import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import streamlit as st
from streamlit.errors import FragmentHandledException

from mnistgrad.app.link import notify
from mnistgrad.app.relief import relieve
from mnistgrad.captions import faults as says
from mnistgrad.common.data_files import DataFileError
from mnistgrad.common.faults import is_out_of_memory

_log = logging.getLogger(__name__)


@contextmanager
def telling() -> Iterator[None]:
    """Around the drawing of a page: what is around that, its fields and its end, is drawn all the same."""
    try:
        yield
    except FragmentHandledException:  # a part of the page, which told it
        pass
    except Exception as error:
        if not isinstance(error, DataFileError):
            _log.exception("A page failed")
        tell(error)


def tell(error: Exception) -> bool:
    """On the page, where it failed; and let go of what is kept where memory ran out. True, as Streamlit wants of a handler."""
    st.error(says.told(error), icon=":material/error:")
    if is_out_of_memory(error):
        relieve(error)
    return True


def pressed(press: Callable[[], None]) -> None:
    """Do what a press asks for; what fails is told on the page that follows."""
    try:
        press()
    except Exception as error:
        _log.exception("A press failed")
        notify(says.told(error))
        if is_out_of_memory(error):
            relieve(error)
