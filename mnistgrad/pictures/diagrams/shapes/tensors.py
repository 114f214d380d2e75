"""One tensor as a sheet, a lid, a front, a strip, or a sheet that unsqueeze made thick; painted with its real values."""

from mnistgrad.pictures.diagrams.shapes import boxes
from mnistgrad.pictures.diagrams.shapes.boxes import THIN, Box, Roles, box_of
from mnistgrad.pictures.diagrams.shapes.scene import Drawn, Scene
from mnistgrad.pictures.diagrams.svg import Drawing


def place_tensor(scene: Scene, tensor: Drawn, x: float, y: float) -> Box:
    """Its box, with the front upper left corner at (x, y)."""
    return box_of(x, y, tensor.axes, tensor.shape, scene.roles)


def draw_tensor(drawing: Drawing, scene: Scene, tensor: Drawn, box: Box, limit: float | None = None) -> None:
    """limit: the end of the colour scale, where it is not the tensor's own."""
    roles, limit = scene.roles, tensor.limit if limit is None else limit
    if not box.depth:
        boxes.paint_front(
            drawing, box, 0, tensor.face(roles.down, roles.right), limit, f"{tensor.text}, every cell a measured value"
        )
    elif _stands(box, tensor, roles):
        _draw_side(drawing, scene, tensor, box, limit)
    else:
        _draw_lid(drawing, scene, tensor, box, limit)
    boxes.draw_edges(drawing, box, roles, tensor.axes)


def _stands(box: Box, tensor: Drawn, roles: Roles) -> bool:
    return box.down > THIN or (roles.right not in tensor.axes and roles.down in tensor.axes)


def _draw_side(drawing: Drawing, scene: Scene, tensor: Drawn, box: Box, limit: float) -> None:
    roles, near = scene.roles, scene.paint.near
    cells, tips = tensor.face(roles.depth, roles.down)[:near], scene.tips(tensor, roles.depth, roles.down)[:near]
    boxes.paint_side(drawing, box, box.right, cells, limit, tips)
    if box.right:
        r, z = box.right, box.depth
        drawing.polygon([box.at(0, 0, 0), box.at(r, 0, 0), box.at(r, 0, z), box.at(0, 0, z)], drawing.palette.panel)
        boxes.paint_front(drawing, box, 0, cells[0][:, None], limit, f"{tensor.text}[0], image 0")


def _draw_lid(drawing: Drawing, scene: Scene, tensor: Drawn, box: Box, limit: float) -> None:
    roles, near = scene.roles, scene.paint.near
    cells, tips = tensor.face(roles.depth, roles.right)[:near], scene.tips(tensor, roles.depth, roles.right)[:near]
    boxes.paint_lid(drawing, box, cells, limit, tips)
    if box.down:
        r, d, z = box.right, box.down, box.depth
        drawing.polygon([box.at(r, 0, 0), box.at(r, 0, z), box.at(r, d, z), box.at(r, d, 0)], drawing.palette.panel)
        boxes.paint_front(drawing, box, 0, cells[:1], limit, f"{tensor.text}[0], image 0")


def label_axes(drawing: Drawing, scene: Scene, tensor: Drawn, box: Box, instead: dict[str, str] | None = None) -> None:
    """The length and name of each axis longer than it is new; `instead` has the words of an axis that is stretched."""
    roles, instead = scene.roles, instead or {}
    words = {letter: boxes.length_label(size, letter) for letter, size in zip(tensor.axes, tensor.shape, strict=True)}
    words |= instead
    stretched = {letter: roles.length(letter) for letter in instead}
    if roles.depth in words:
        boxes.label_depth(drawing, _deep(box, stretched.get(roles.depth)), words[roles.depth], roles.depth)
    if roles.down in words and (box.down > THIN or roles.down in instead):
        boxes.label_down(drawing, box, words[roles.down], roles.down, max(box.down, stretched.get(roles.down, 0)))
    if roles.right in words and (box.right > THIN or roles.right in instead or len(tensor.axes) < 3):
        lowest = roles.length(roles.down) if box.down == THIN else box.down
        length = max(box.right, stretched.get(roles.right, 0))
        boxes.label_right(drawing, box, words[roles.right], roles.right, length, lowest)


def _deep(box: Box, depth: float | None) -> Box:
    return box if depth is None else Box(box.x, box.y, box.right, box.down, depth)
