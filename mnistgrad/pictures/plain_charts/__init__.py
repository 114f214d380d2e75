"""Altair charts whose data has plain fields and whose scales are real: for a notebook, where they may be encoded anew."""
