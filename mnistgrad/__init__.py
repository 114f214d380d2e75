"""Where the weight gradient of a linear layer comes from, step by step on real MNIST."""

from mnistgrad import lesson
from mnistgrad.analysis import column_variance
from mnistgrad.data import load_batch
from mnistgrad.gradients import gradients, weight_grad
from mnistgrad.presets import initial_weights

__all__ = ["column_variance", "gradients", "initial_weights", "lesson", "load_batch", "weight_grad"]
