"""``python -m upstander.cli`` is the same as ``upstander``."""

import sys

from upstander.cli import main

if __name__ == "__main__":
    sys.exit(main())
