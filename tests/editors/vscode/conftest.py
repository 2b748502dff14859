"""Lets the tests of this folder import what stands beside them."""

import sys
from pathlib import Path

# Last: a folder above has an `install.py` too.
sys.path.append(str(Path(__file__).parent))
