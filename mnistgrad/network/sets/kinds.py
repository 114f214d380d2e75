"""What the images of a set show: the one table of words that every sentence about them takes."""

from dataclasses import dataclass

MNIST = "mnist"  # the set of the package
OWN = "own-"  # how the key of a reader's own set begins; the digest of its content follows


@dataclass(frozen=True)
class Kind:
    """title: of the set. item, items: what its images show, one and several. names: of its classes, by label. shows: the same in
    a sentence ("a sneaker").
    """

    title: str
    item: str
    items: str
    names: tuple[str, ...]
    shows: tuple[str, ...]
    handwritten: bool = False

    def told(self, label: int) -> str:
        """What an image of this label is, in full: "a handwritten 5"."""
        shown = self.shows[label]
        return f"a handwritten {shown.removeprefix('an ').removeprefix('a ')}" if self.handwritten else shown


DIGITS = tuple("0123456789")
SHOWN_DIGITS = tuple("an 8" if digit == "8" else f"a {digit}" for digit in DIGITS)
LETTERS = tuple("abcdefghijklmnopqrstuvwxyz")
KANA = ("o", "ki", "su", "tsu", "na", "ha", "ma", "ya", "re", "wo")
CLOTHES = ("T-shirt", "trousers", "pullover", "dress", "coat", "sandal", "shirt", "sneaker", "bag", "ankle boot")
SHOWN_CLOTHES = tuple(name if name == "trousers" else f"an {name}" if name == "ankle boot" else f"a {name}" for name in CLOTHES)

KINDS = {  # by the name in a link
    MNIST: Kind("MNIST", "digit", "digits", DIGITS, SHOWN_DIGITS, True),
    "fashion": Kind("Fashion-MNIST", "item", "items", CLOTHES, SHOWN_CLOTHES),
    "kmnist": Kind("KMNIST", "character", "characters", KANA, tuple(f"“{name}”" for name in KANA), True),
    "qmnist": Kind("QMNIST", "digit", "digits", DIGITS, SHOWN_DIGITS, True),
    "emnist": Kind("EMNIST letters", "letter", "letters", LETTERS, tuple(f"“{name}”" for name in LETTERS), True),
}


OF_MNIST = KINDS[MNIST]


@dataclass(frozen=True)
class Trained:
    """What a training is told of its set. classes: the labels that it tells apart; held_back, most: images to test with, and to
    train with.
    """

    key: str = MNIST
    title: str = OF_MNIST.title
    items: str = OF_MNIST.items
    classes: int = len(DIGITS)
    held_back: int = 10_000
    most: int = 50_000


def title_of(key: str) -> str:
    """Of the set with this name in a link."""
    return KINDS[key].title if key in KINDS else "Your images"


def kind_of_pictures() -> Kind:
    """Of a reader's own pictures, each of one digit."""
    return Kind("Your images", "digit", "digits", DIGITS, SHOWN_DIGITS)


def kind_of_classes(count: int) -> Kind:
    """Of a reader's own file, of which only the labels are known, 0 to count - 1."""
    names = tuple(map(str, range(count)))
    return Kind("Your images", "item", "items", names, tuple(f"class {name}" for name in names))
