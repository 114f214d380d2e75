"""The pass, step by step."""

from collections.abc import Callable

from passes import FORMS, SCENES, Scene
from pictures.diagrams.shape_places import STATES as SHAPE_STATES
from pictures.diagrams.shape_places import places
from pictures.every_picture.kinds import ALL_OFF, Named, shows
from states import State

from mnistgrad.network.data import mnist
from mnistgrad.pictures.diagrams.debugger.code_panel import code_panel
from mnistgrad.pictures.diagrams.debugger.operations_list import operations_list
from mnistgrad.pictures.diagrams.images.image_switches import image_switches
from mnistgrad.pictures.diagrams.images.window_pickers import pixel_picker, thumbnails
from mnistgrad.pictures.diagrams.numbers.added_rows import added_rows
from mnistgrad.pictures.diagrams.numbers.multiplication_table import multiplication_table
from mnistgrad.pictures.diagrams.numbers.number_tables import numbers_diagram, tables
from mnistgrad.pictures.diagrams.numbers.one_cell import one_cell
from mnistgrad.pictures.diagrams.shapes.diagram import shape_diagram
from mnistgrad.pictures.export import Picture
from mnistgrad.pictures.palette import Palette
from mnistgrad.trace.cells import ShownOperation, show_operation
from mnistgrad.trace.operations import Effect
from mnistgrad.trace.passes import is_outer_product, peak, scopes, shown_code


@shows(code_panel)
def _(palette: Palette) -> Named:
    for scene in (Scene(ALL_OFF), *(Scene(State(50_000, 100), form) for form in FORMS)):
        for place in scene.places:
            if (scene.form == "broadcast" and place % 2) or scene.operations[place].sets in ("w1.g", "w2.g"):
                code = shown_code(scene.operations, place)
                yield f"{scene} {place}", code_panel(code, scene.operations, place, palette)


@shows(operations_list)
def _(palette: Palette) -> Named:
    for scene in (Scene(State(1)), Scene(State(50, 2), "einsum"), Scene(State(50_000, 100)), Scene(State(50_000, 100), "matmul")):
        matmul = Scene(scene.state, "matmul").operations
        for name, scope in scopes(scene.operations).items():
            most = matmul[peak(matmul)].live
            yield f"{scene} {name}", operations_list(scene.operations, scope, scope[-1], most, palette)


@shows(shape_diagram)
def _(palette: Palette) -> Named:
    for place in (place for first, state in enumerate(SHAPE_STATES) for place in places(state)[first % 3 :: 3]):
        scene = place.scene
        diagram = shape_diagram(scene.operations, place.place, scene.paint, scene.window, palette)
        yield f"{scene} {place.place} {place.step.expression}", diagram


@shows(numbers_diagram)
def _(palette: Palette) -> Named:
    for first, scene in enumerate(SCENES):
        for place in scene.places[first % 2 :: 2]:
            diagram = numbers_diagram(scene.operations, place, scene.window, scene.cells()[1], palette)
            yield f"{scene} {place} {scene.operations[place].expression}", diagram


@shows(multiplication_table)
def _(palette: Palette) -> Named:
    for first, scene in enumerate(SCENES):
        chosen = scene.cells()[first % 3]
        for place in scene.places:
            if is_outer_product(scene.operations, place):
                table = multiplication_table(scene.operations, place, scene.window, chosen, palette)
                yield f"{scene} {place} {chosen}", table


def show_numbers(draw: Callable[..., Picture], fits: Callable[..., bool]) -> None:
    """Of the three pictures that `numbers_diagram` has for operations outside the broadcast line."""

    @shows(draw)
    def _(palette: Palette) -> Named:
        for scene in SCENES[::4]:
            for place in scene.places:
                shown = show_operation(scene.operations, place, scene.window)
                if fits(shown) and not is_outer_product(scene.operations, place):
                    yield f"{scene} {place}", draw(shown, scene.cells()[0], palette)


def is_contracted(shown: ShownOperation) -> bool:
    return shown.operation.known.effect is Effect.CONTRACTED


show_numbers(one_cell, is_contracted)
show_numbers(added_rows, lambda shown: bool(shown.letter) and not is_contracted(shown))
show_numbers(tables, lambda shown: not shown.letter and not is_contracted(shown))


@shows(thumbnails)
def _(palette: Palette) -> Named:
    images, labels = mnist().images, mnist().labels.tolist()
    for first, count, chosen in ((0, 1, (0,)), (30, 7, (33, 2)), (30, 24, (30, 37, 53)), (49_976, 24, (49_999, 49_976))):
        end = first + count
        yield f"{first} {count}", thumbnails(images[first:end], labels[first:end], first, chosen, palette)


@shows(pixel_picker)
def _(palette: Palette) -> Named:
    for scene in SCENES:
        yield f"{scene}", pixel_picker(scene.state.batch.images.flatten(1).float().mean(0), scene.window, palette)


@shows(image_switches)
def _(palette: Palette) -> Named:
    images, labels = mnist().images, mnist().labels.tolist()
    for first, count, on, current in (
        (0, 1, {0}, 0),
        (24, 13, {24, 25, 27, 30}, 27),
        (49_976, 24, {*range(49_976, 50_000)}, 49_999),
    ):
        end = first + count
        yield f"{first} {count}", image_switches(images[first:end], labels[first:end], first, on, current, palette)
