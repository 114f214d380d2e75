"""Where the weight gradient of a linear layer comes from, step by step on real MNIST."""

from mnistgrad import lesson
from mnistgrad.gradient.statistics import column_variance
from mnistgrad.network.data import load_batch
from mnistgrad.network.gradients import gradients, weight_grad
from mnistgrad.network.presets import initial_weights

__all__ = ["column_variance", "gradients", "initial_weights", "lesson", "load_batch", "weight_grad"]
__version__ = "1.1.0"
