"""How much of readers' files the server holds: they lie in its memory, whether a set is made of them or not."""

from collections.abc import Mapping

from starlette.exceptions import HTTPException
from streamlit.runtime.uploaded_file_manager import UploadedFileRec

from mnistgrad.app.guard.messages import MOST_FILES
from mnistgrad.network.sets.files import MB, MOST_BYTES

MOST_OF_ONE = 2 * MOST_BYTES  # of one session: a set, and another in its place
MOST_OF_ALL = 400 * MB
TOO_LARGE = 413  # RFC 9110


def make_room(held: Mapping[str, Mapping[str, UploadedFileRec]], session: str, file: UploadedFileRec) -> None:
    """held: by session and name. Raises HTTPException where the file would be too much."""
    own = {name: len(each.data) for name, each in held.get(session, {}).items() if name != file.file_id}
    others = sum(len(each.data) for name, files in held.items() if name != session for each in files.values())
    mine = sum(own.values()) + len(file.data)
    if len(own) >= MOST_FILES or len(file.data) > MOST_BYTES or mine > MOST_OF_ONE or mine + others > MOST_OF_ALL:
        raise HTTPException(TOO_LARGE, "This is more than the server holds for one reader, or for all.")
