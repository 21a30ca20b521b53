"""Cairn's commands and printers for gdb; `make gdb` and `make debug` load this file.

By hand: gdb-multiarch build/riscv64/debug/kernel.elf -x tools/gdb/cairn.py
Read next: commands.py, memory.py and threads.py (what the commands print), machine.py (how memory is reached),
riscv64.py and x86_64.py (what belongs to the CPU), backwards.py (replayed runs), ending.py (of the machine), printers.py.
"""
import os
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path[:0] = [HERE, os.path.dirname(os.path.dirname(HERE))]       # the folder beside this file; the tree's top
sys.dont_write_bytecode = True

import backwards  # noqa: E402,F401
import commands  # noqa: E402,F401
import ending  # noqa: E402,F401
import memory  # noqa: E402,F401
import printers  # noqa: E402
import threads  # noqa: E402,F401

printers.register()
print("Cairn's commands: regs, trapframe, bt-user, harts, ps, runqueue, pagetable, vmas, reverse-stepi, reverse-continue"
      " (help NAME says more)")
