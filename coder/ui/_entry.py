"""What `coder app` gives to Streamlit: the same two lines as `app_streamlit.py`."""

from coder.ui.app import main

main()
