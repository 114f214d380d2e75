"""Pictures of operations that work cell by cell: the product of the w.g line, the bias, differences, relu and its mask."""

from mnistgrad.common import numbers
from mnistgrad.pictures.diagrams.shapes import boxes
from mnistgrad.pictures.diagrams.shapes.boxes import BASE, DOWN, Box
from mnistgrad.pictures.diagrams.shapes.flat import draw_arrow
from mnistgrad.pictures.diagrams.shapes.scene import Drawn, Scene
from mnistgrad.pictures.diagrams.shapes.stack import draw_stack, label_stack
from mnistgrad.pictures.diagrams.shapes.tensors import draw_tensor, label_axes, place_tensor
from mnistgrad.pictures.diagrams.shapes.words import deed, method
from mnistgrad.pictures.diagrams.svg import Drawing

STARTS = (28.0, 254.0, 482.0)  # of two operands and the result
FLAT_BASE = 150.0  # where lids and strips stand
PAIR_LENGTHS = (100.0, DOWN, 98.0, 26.0)  # of depth, down, right and of length 1, for three lids side by side
SINGLE_LENGTHS = (140.0, DOWN, 136.0, 26.0)  # for two
LIDS, STRIPS = (40.0, 432.0), (100.0, 484.0)  # where two of them stand
ARROW = (296.0, 402.0)  # between them


def draw_product(drawing: Drawing, scene: Scene) -> str:
    """Each thin operand stretched by broadcasting, and the product as sheets."""
    roles, (one, other) = scene.roles, scene.operands
    top = BASE - roles.length(roles.down)
    for x, tensor, sign in zip(STARTS, (one, other), "×=", strict=False):
        box = place_tensor(scene, tensor, x, top)
        stretched = [a for a, size in zip(tensor.axes, tensor.shape, strict=True) if size != roles.sizes[a]]
        draw_tensor(drawing, scene, tensor, box)
        for letter in stretched:
            boxes.draw_ghosts(drawing, box, roles, letter, copies=4)
        label_axes(drawing, scene, tensor, box, {a: f"1 → {roles.sizes[a]}, by repeating" for a in stretched})
        boxes.caption(drawing, _middle(scene, x) + 4, tensor.operand, numbers.byte_count(tensor.nbytes))
        drawing.text(STARTS[STARTS.index(x) + 1] - 30, BASE - DOWN / 2 - 10, sign, drawing.palette.ink, 28)
    box = Box(STARTS[2], top, roles.length(roles.right), roles.length(roles.down), 0)
    draw_stack(drawing, scene, scene.result, box, plus=False)
    label_stack(drawing, scene, scene.result, box)
    boxes.caption(
        drawing, _middle(scene, STARTS[2]) + 4, scene.result.operand, f"{numbers.byte_count(scene.step.nbytes)} in float32"
    )
    repeated = [f"{t.text} {numbers.shape(t.shape)}" for t in (one, other)]
    return (
        f"{repeated[0]} and {repeated[1]}, each repeated where its axis has length 1 and the other's is longer, multiplied cell "
        f"by cell: {numbers.shape(scene.step.shape)}, one sheet for each image."
    )


def _middle(scene: Scene, x: float) -> float:
    return x + max(scene.roles.length(scene.roles.right) + 0.4 * scene.roles.depth_length, 110) / 2


def draw_pair(drawing: Drawing, scene: Scene) -> str:
    """Two lids or strips and their result; an operand that has no n axis is repeated for every image."""
    scene = scene.with_lengths(*PAIR_LENGTHS)
    one, other = scene.operands
    limit = max(t.limit for t in (one, other, scene.result)) if scene.step.known.one_scale else None
    for x, tensor, sign in zip(STARTS, (one, other, scene.result), (scene.step.known.sign, "=", ""), strict=True):
        box = place_tensor(scene, tensor, x + 10, FLAT_BASE)
        draw_tensor(drawing, scene, tensor, box, limit)
        instead = _repeated(scene, tensor)
        for letter in instead:
            boxes.draw_ghosts(drawing, box, scene.roles, letter, copies=4)
        label_axes(drawing, scene, tensor, box, instead)
        width = max(box.width, scene.roles.length(scene.roles.depth) * 0.8 if instead else 0, 60)
        boxes.caption(drawing, x + 10 + width / 2, tensor.operand, numbers.byte_count(tensor.nbytes), FLAT_BASE + 44)
        if sign:
            drawing.text(STARTS[STARTS.index(x) + 1] - 22, FLAT_BASE - 26, sign, drawing.palette.ink, 26)
    stretch = " The second is repeated for every image." if _repeated(scene, other) else ""
    return (
        f"{one.text} {numbers.shape(one.shape)} {scene.step.known.sign} {other.text} {numbers.shape(other.shape)}, cell by "
        f"cell, gives {numbers.shape(scene.step.shape)}.{stretch}"
    )


def _repeated(scene: Scene, tensor: Drawn) -> dict[str, str]:
    """The words of the axis n where the result has it, longer than 1, and the tensor does not."""
    letter = scene.roles.depth
    if letter in tensor.axes or letter not in scene.step.axes or scene.roles.sizes[letter] == 1:
        return {}
    return {letter: f"repeated {numbers.count(scene.roles.sizes[letter])} times"}


def draw_each(drawing: Drawing, scene: Scene) -> str:
    """One tensor before and after something is done to each of its numbers."""
    scene = scene.with_lengths(*SINGLE_LENGTHS)
    operand, result = scene.operand(0), scene.result
    limit = max(operand.limit, result.limit) if scene.step.known.one_scale else None
    for tensor, x in zip((operand, result), LIDS if box_is_wide(scene) else STRIPS, strict=True):
        box = place_tensor(scene, tensor, x, FLAT_BASE)
        draw_tensor(drawing, scene, tensor, box, limit)
        label_axes(drawing, scene, tensor, box)
        boxes.caption(drawing, box.x + max(box.width, 60) / 2, tensor.operand, numbers.byte_count(tensor.nbytes), FLAT_BASE + 44)
    draw_arrow(drawing, *ARROW, FLAT_BASE - 34, method(scene.step), deed(scene.step))
    return (
        f"{operand.text} {numbers.shape(operand.shape)} becomes {scene.step.expression} {numbers.shape(scene.step.shape)}: "
        f"{' '.join(deed(scene.step)).rstrip('?')}."
    )


def box_is_wide(scene: Scene) -> bool:
    """Whether the step's tensors are lids of many units, rather than strips of one number an image."""
    return scene.roles.sizes[scene.roles.right] > 1 and scene.roles.right in scene.step.axes
