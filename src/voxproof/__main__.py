"""`python -m voxproof`: the same as `voxproof`."""

import sys

from voxproof.cli import main

if __name__ == "__main__":
    sys.exit(main())
