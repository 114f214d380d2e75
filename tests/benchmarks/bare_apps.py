"""The named baselines that are apps: as little of Streamlit as the figure beside them cannot do without."""

ONE_BUTTON = """
import streamlit as st

st.button("Count", on_click=lambda: st.session_state.update(count=st.session_state.get("count", 0) + 1))
st.write("Counted:", st.session_state.get("count", 0))
"""
ONE_CHART = """
import altair as alt
import pandas as pd
import streamlit as st
import torch

frame = pd.DataFrame({"x": range(50), "y": torch.rand(50).tolist()})
st.altair_chart(alt.Chart(frame).mark_line().encode(x="x", y="y"))
"""
# A page without a server; what it changes is all that there is to draw.
ONE_WORD = """<!doctype html><title>One word</title><button onclick="this.textContent = ++window.count">0</button>
<script>window.count = 0</script>"""
