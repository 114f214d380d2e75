"""What the pages say: facts in, sentences out, as Streamlit Markdown. Orange is n, blue i, green j."""
