"""``python -m coder`` is the same as ``coder``."""

import sys

from coder.cli import main

if __name__ == "__main__":
    sys.exit(main())
