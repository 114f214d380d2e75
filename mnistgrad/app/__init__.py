"""The Streamlit pages: they place things and compute nothing."""
