"""Runs side by side with the gradient as it is and as it was misread."""
