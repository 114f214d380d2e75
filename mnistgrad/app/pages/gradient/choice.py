"""A click on a picture of the gradient matrix chooses one of its weights."""

import streamlit as st

from mnistgrad.app.controls import COLUMN, ROW


def take_column(column: int) -> None:
    """Choose the column that was clicked."""
    st.session_state[COLUMN.key] = column


def take_row(row: int) -> None:
    """Choose the row that was clicked."""
    st.session_state[ROW.key] = row
