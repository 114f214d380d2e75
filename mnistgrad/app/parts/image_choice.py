"""Which images: the set's choice and a reader's own files in the sidebar, and on the page what is not there yet."""

import re
from contextlib import suppress
from dataclasses import replace

import streamlit as st
from streamlit.runtime.uploaded_file_manager import UploadedFile

from mnistgrad.app.cards.gradient.build_up import labels_control
from mnistgrad.app.choosing import choose
from mnistgrad.app.control_kinds import ImageChoice
from mnistgrad.app.controls import DIGITS_ON, IMAGE_SET
from mnistgrad.app.kept import fetches
from mnistgrad.app.kept.image_sets import hold, image_set
from mnistgrad.app.link import mend
from mnistgrad.app.parts.fields import in_link
from mnistgrad.app.parts.page import come_back_when
from mnistgrad.captions import images as says
from mnistgrad.captions import jobs as of_jobs
from mnistgrad.common.data_files import DataFileError
from mnistgrad.network.sets.files import MB, MOST_BYTES, OwnFile, read_files
from mnistgrad.network.sets.image_set import TRAINING_IMAGES, ImageSet
from mnistgrad.network.sets.kinds import MNIST, OWN
from mnistgrad.network.sets.parts import UnusableFile
from mnistgrad.network.sets.sources import SOURCES, UnusableSet, find

HELD, TOLD, REFUSED = "images-own", "images-told", "images-refused"  # in the session
FILES, DIGITS = "images-files", "images-digits"


def own() -> ImageSet | None:
    """The session's own set."""
    held: ImageSet | None = st.session_state.get(HELD)
    return held


def asked() -> str:
    """The set that the link or the reader asks for."""
    key: str = st.session_state.get(IMAGE_SET.key, IMAGE_SET.start)
    return key


def shown() -> str:
    """The set that can be shown: what is asked for, or till it is there the package's own."""
    return asked() if _in_the_way(asked()) is None else MNIST


def most_shown() -> int:
    """How many images there are of it. MNIST is not read for that: not every page needs it."""
    key = shown()
    return TRAINING_IMAGES if key == MNIST else image_set(key).most


def mend_images() -> None:
    """Before anything is drawn: only this session's own images can be asked for, and of their labels only those there are."""
    mend(_control())
    if DIGITS_ON.key in st.query_params:
        with suppress(DataFileError):  # which the page tells
            mend(labels_control(shown()))


def choose_images() -> None:
    """The choice, and a menu for the reader's own files."""
    control = _control()
    options = control.options + ((control.own,) if control.own else ())
    st.selectbox(control.label, options, **in_link(control), help=control.help)
    if asked().startswith(OWN) and (held := own()):
        st.caption(f"{says.counted(held)} {st.session_state[TOLD]}")
    with st.popover(says.OWN_TITLE, icon=":material/upload:", width="stretch"):
        st.file_uploader(
            says.FILES,
            accept_multiple_files=True,
            max_upload_size=MOST_BYTES // MB,
            help=says.FILES_HELP,
            key=FILES,
            on_change=_take_files,
        )
        st.text_input(says.DIGITS, placeholder="7, 0, 2", help=says.DIGITS_HELP, key=DIGITS, on_change=_take_files)
        if refused := st.session_state.get(REFUSED):
            st.warning(refused, icon=":material/warning:")


def tell_images() -> None:
    """At the top of a page that is of images: what is asked for and not there, with a way to fetch it."""
    key = asked()
    source, why = SOURCES.get(key), _in_the_way(key)
    if why is None or source is None:
        return
    job = fetches.of(key)
    with st.container(horizontal=True, vertical_alignment="center", key="images-absent"):
        if job and job.active and job.wanted_by:
            version, place, come = job.version, job.place, fetches.come(key)
            come_back_when(lambda: job.version != version or not job.active)
            words = of_jobs.in_line(place) if place else says.fetching(source, come)
            st.progress(min(come / source.download, 1.0), words)
            st.button("Stop", key="fetch-stop", icon=":material/stop:", on_click=fetches.stop, args=(key,))
            return
        if job and job.error:
            st.warning(says.failed(_told(job.error)), icon=":material/warning:")
        elif find(key):
            st.warning(says.failed(why), icon=":material/warning:")
        else:
            st.info(says.absent(source), icon=":material/info:")
        if not find(key):
            label = says.fetch_label(source)
            st.button(label, key="fetch", icon=":material/download:", on_click=fetches.start, args=(key,))


def _control() -> ImageChoice:
    held = own()
    return replace(IMAGE_SET, own=held.key if held else "", depends=False)


def _in_the_way(key: str) -> str | None:
    """Why the set cannot be shown; None where it can."""
    if key != MNIST:
        try:
            image_set(key)
        except UnusableSet as error:
            return error.told
    return None


def _told(error: Exception) -> str:
    return error.told if isinstance(error, UnusableSet) else of_jobs.failed(says.FETCHING, error)


def _take_files() -> None:
    """Make a set of the files that are chosen now, and show it; or say what is allowed."""
    held = st.session_state.get(FILES) or []
    chosen = [file for file in held if isinstance(file, UploadedFile)]  # others are gone, with the server that had them
    st.session_state[REFUSED] = ""
    if not chosen:
        return
    typed = str(st.session_state.get(DIGITS, ""))
    if not re.fullmatch(r"[\s,;0-9]*", typed):
        st.session_state[REFUSED] = says.NO_DIGITS
        return
    digits = [int(digit) for digit in re.findall(r"[0-9]+", typed[: says.LONGEST_DIGITS])]
    try:
        found = read_files([OwnFile(file.name, file.getvalue()) for file in chosen], digits or None)
    except UnusableFile as error:
        st.session_state[REFUSED] = str(error)
        return
    st.session_state[HELD], st.session_state[TOLD] = hold(found), found.told
    choose(IMAGE_SET, found.key)
