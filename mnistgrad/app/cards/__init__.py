"""The pages as data: their cards, made without Streamlit's runtime. The pages draw these very cards."""
