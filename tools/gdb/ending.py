"""Ends gdb when its machine has ended: nothing is left to look at, and all of gdb's answers would be errors."""
import gdb

seen_machine = False


def look(*_) -> None:
    """Before each prompt."""
    global seen_machine
    if gdb.selected_inferior().pid != 0:
        seen_machine = True
    elif seen_machine:
        print("The machine has ended, and gdb with it. Next, to begin anew: make debug, or make qemu-gdb and make gdb")
        gdb.execute("quit 0")


gdb.events.before_prompt.connect(look)
