"""The cards of the gradient matrix, one module a view."""
