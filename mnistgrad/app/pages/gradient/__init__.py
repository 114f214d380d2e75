"""The gradient matrix: one module for each part of the page."""
