"""`python -m fissures` is the same as `fissures`."""

from __future__ import annotations

import sys

from fissures.cli import main

if __name__ == "__main__":
    sys.exit(main())
