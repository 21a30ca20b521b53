#!/usr/bin/env python3
"""Write the kernel's symbol table, as assembly, from the output of `nm -nC` on standard input.

The kernel is linked twice: first with an empty table (no input), then with the table of the first
link. It lies behind everything else (kernel.ld), so no address changes between the two.
"""
import sys


def functions(lines):
    """Yield (address, short name) of every function, by rising address."""
    for line in lines:
        parts = line.split(None, 2)
        if len(parts) == 3 and parts[1] in "tTwW" and not parts[2].startswith((".L", "$")):
            # Arguments and return types help nobody who reads a backtrace.
            name = parts[2].strip().replace("(anonymous namespace)::", "").split("(")[0]
            yield int(parts[0], 16), name


def main():
    lines = sys.stdin.read().splitlines()
    begin = next((int(line.split()[0], 16) for line in lines if line.endswith(" kernel_begin")), 0)
    markers = {"kernel_begin", "text_begin", "text_end"}
    table = [(address, name) for address, name in functions(lines)
             if address >= begin and name not in markers]
    print('    .section .symbols, "a"\n    .balign 8\n    .globl symbol_count, symbol_entries, symbol_names')
    print(f"symbol_count: .quad {len(table)}\nsymbol_entries:")
    position = 0
    for address, name in table:
        print(f"    .long {address - begin}, {position}")
        position += len(name.encode()) + 1
    print("symbol_names:")
    for _, name in table:
        print(f'    .asciz "{name}"')


if __name__ == "__main__":
    main()
