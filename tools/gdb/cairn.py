"""Cairn's commands and printers for gdb; `make gdb` and `make debug` load this file.

By hand: gdb-multiarch build/riscv64/debug/kernel.elf -x tools/gdb/cairn.py
Read next: commands.py (what the commands print), machine.py (how memory is reached), riscv64.py and
x86_64.py (what belongs to the CPU), backwards.py (replayed runs), printers.py.
"""
import os
import sys

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
sys.dont_write_bytecode = True

import backwards  # noqa: E402,F401
import commands  # noqa: E402,F401  (the folder beside this file)
import printers  # noqa: E402

printers.register()
print("Cairn's commands: regs, trapframe, bt-user, harts, reverse-stepi, reverse-continue (help NAME says more)")
