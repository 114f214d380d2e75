# The public names: one line each, here and nowhere else. __init__.py reads them, and loads a name when it is first asked for.
from mnistgrad import charts as charts
from mnistgrad import lesson as lesson
from mnistgrad.gradient.examining import examine as examine
from mnistgrad.gradient.statistics import column_variance as column_variance
from mnistgrad.network.batch import Batch as Batch
from mnistgrad.network.data import load_batch as load_batch
from mnistgrad.network.gradients import gradients as gradients
from mnistgrad.network.gradients import weight_grad as weight_grad
from mnistgrad.network.presets import Weights as Weights
from mnistgrad.network.presets import initial_weights as initial_weights
from mnistgrad.network.sets.loading import load_images as load_images
from mnistgrad.player.explain import explain as explain
from mnistgrad.player.explain import watching as watching
from mnistgrad.player.typed_lesson import explain_lines as explain_lines

__version__: str

def load_ipython_extension(shell: object) -> None: ...
