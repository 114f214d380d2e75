"""The sentences about which images are shown, those that are fetched, and a reader's own."""

from mnistgrad.common import numbers
from mnistgrad.network.sets.image_set import ImageSet
from mnistgrad.network.sets.kinds import KINDS, MNIST
from mnistgrad.network.sets.sources import Source

HELP = (
    "MNIST is in the package; the other sets are fetched once, when you ask for them. Your own files are for this session alone."
)
GONE = "The link asked for somebody's own images, which are gone with their session; choose the files again."
OWN_TITLE = "Your own images"
FILES = "Pictures of digits (PNG, JPEG), or 28 × 28 images with labels (IDX, npz, CSV)"
FILES_HELP = "At most 20 MB together. Pictures are made as MNIST was. IDX: the images and their labels, chosen together."
DIGITS = "What they show"
LONGEST_DIGITS = 3_000  # characters
DIGITS_HELP = "The digit of each picture, in their order. Empty: the digit in each file's name."
NO_DIGITS = "What they show: only digits can be read, such as 7, 0, 2."
FETCHING = "The fetching"
MEANWHILE = f"{KINDS[MNIST].title} is shown meanwhile."


def absent(source: Source) -> str:
    return f"{source.title} is not on this machine yet. {MEANWHILE}"


def fetch_label(source: Source) -> str:
    return f"Fetch {source.title}, {numbers.byte_count(source.download)}"


def fetching(source: Source, come: int) -> str:
    if not come:
        return f"{source.title}: asking for it. {MEANWHILE}"
    share = f"{numbers.byte_count(come)} of about {numbers.byte_count(source.download)}"
    return f"{source.title}: {share}. {MEANWHILE}"


def failed(reason: str) -> str:
    return f"{reason} {MEANWHILE}"


def counted(found: ImageSet) -> str:
    """Of a reader's own set."""
    return f"{numbers.count(len(found.images), 'image')}, {numbers.count(len(found.classes), 'class', 'classes')}."
