"""Reads the labs of a Cairn tree, cuts step trees from it, and proves them (tools/labs.py is the command)."""

import sys
from pathlib import Path

# tools/labs.py has this folder on its path; the grader, which imports tools.labkit, has not.
_TOOLS = str(Path(__file__).resolve().parent.parent)
if _TOOLS not in sys.path:
    sys.path.append(_TOOLS)
