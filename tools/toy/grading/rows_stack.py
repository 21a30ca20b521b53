"""Words for the machine and what it must print, by row."""

ROWS = {
    "pushes": ("push 1 push 2", "2 left\n"),
    "pops": ("push 1 push 2 pop pop", "2\n1\n"),
    "pops_empty": ("pop", "-1\n"),
    "totals": ("push 4 push 5 total", "9\n2 left\n"),
}
