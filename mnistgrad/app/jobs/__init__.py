"""Background work: jobs in lanes, the readers who want them, and what of Streamlit's sessions that takes."""
