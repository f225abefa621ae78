"""Start the pages: ``streamlit run app_streamlit.py``."""

from coder.ui.app import main

main()
