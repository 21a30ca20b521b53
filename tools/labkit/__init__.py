"""Reads the labs of a Cairn tree, cuts step trees from it, and proves them (tools/labs.py is the command)."""
