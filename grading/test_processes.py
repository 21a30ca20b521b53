"""Rows of the processes lab whose witness stands outside of the guest.

The host counts what the machine executes while everybody sleeps, walks the page tables of two processes over the
gdb stub, and compares the free memory and the number of processes that a program saw before and after.
"""
from __future__ import annotations

from . import cpus
from .bench import Bench, Run, judge
from .memory_checks import check_copied_pages, require_same_memory, require_sharing, require_word, tables_of, values_of
from .page_walk import PAGE, Leaf
from .selftests import numbers_in, run_to_selftest, selftest_place, selftest_seed
from .test_traps import check_exit_status, check_stack_overflow
from .verdicts import Failed

MASK = (1 << 64) - 1
KERNEL_STACK = 16 << 10         # kernel/arch/<cpu>/port/memory.h


# ---- self-tests of the kernel ------------------------------------------------------------------------

SWITCH_ROUNDS = 200             # kernel/selftest/switch.cc


def test_switch_contexts(bench: Bench) -> None:
    """Two contexts took turns; the digest is of what both found in their registers, in the order of time."""
    seed = selftest_seed(bench)
    with bench.boot(selftest=f"switch:{seed:x}", gdb=True) as run:
        look_at_switches(run, seed)
        run.resume()
        run.wait()
        run.refuse_silence(0)
        said = run.console.find(r"selftest switch: digest=([0-9a-f]{16}) wrong=(\d+)")
        if said and said[2] != "0":
            raise Failed("registers are lost over a switch", expected="wrong=0", got=f"wrong={said[2]}")
        run.require_status(0)
        wanted = switch_digest(seed, cpus.of(bench.settings.arch).kept_registers)
        if said is None or int(said[1], 16) != wanted:
            raise Failed("the two contexts saw other numbers than they must", expected=f"{wanted:016x}",
                         got=said[1] if said else "no line `selftest switch: ...`")


SIDE_BYTES = 1024               # more than a struct Side has


def look_at_switches(run: Run, seed: int) -> None:
    """The other context runs on its own stack, and in the end the registers of both sides hold the last patterns."""
    cpu, stack = cpus.of(run.bench.settings.arch), selftest_place(run, "other_stack")
    sp = run_to_selftest(run, "switch_begun")[cpu.stack_pointer]
    if not stack < sp <= stack + KERNEL_STACK:
        raise Failed("the other context does not run on the stack that it was given",
                     expected=f"sp in 0x{stack:x} to 0x{stack + KERNEL_STACK:x}", got=f"0x{sp:x}")
    run_to_selftest(run, "switch_done")
    for name, turn in (("side_here", 2 * SWITCH_ROUNDS - 2), ("side_there", 2 * SWITCH_ROUNDS - 3)):
        kept = cpu.kept_registers
        wanted = b"".join((seed * (2 * (turn * kept + i) + 3) & MASK).to_bytes(8, "little") for i in range(kept))
        if wanted not in run.gdb().read_memory(selftest_place(run, name), SIDE_BYTES):
            raise Failed("the registers of a context do not hold what they held before its last switch",
                         expected="the patterns of that turn in the self-test's memory", got="others")


def switch_digest(seed: int, registers: int) -> int:
    digest = 0
    for n in range(registers * (2 * SWITCH_ROUNDS - 1)):        # the last one to leave does not come back
        digest = (digest * 31 + seed * (2 * n + 3)) & MASK
    return digest


THREADS, ROUNDS, SLEEPS = 3, 200, 10        # kernel/selftest/threads.cc
MOST_REPEATED = 20              # the timer may come between a yield and the next


def sum_of(seed: int, thread: int, rounds: int) -> int:
    return sum(seed * (2 * (thread * ROUNDS + n) + 3) for n in range(rounds))


def look_at_threads(run: Run, threads: int, wanted: int) -> None:
    """Each thread begins on a stack of its own; when all have ended, the sum in memory is that of all their rounds."""
    stacks = [run_to_selftest(run, "thread_begun")[cpus.of(run.bench.settings.arch).stack_pointer] // KERNEL_STACK
              for _ in range(threads)]
    if len({*stacks[:2]}) == 1:
        raise Failed("two threads that are there at a time begin on one stack", expected="a stack for each",
                     got=f"0x{stacks[0] * KERNEL_STACK:x} twice")
    run_to_selftest(run, "threads_done")
    if (found := run.gdb().read_word(selftest_place(run, "sum_of_rounds"))) != wanted & MASK:
        raise Failed("the threads counted other rounds than they had", expected=f"{wanted & MASK:016x}", got=f"{found:016x}")


def check_threads(bench: Bench, name: str, threads: int, wanted: int, seed: int) -> str:
    """Threads of the kernel that have counted every round of theirs; the rest of what the self-test said."""
    with bench.boot(selftest=f"{name}:{seed:x}", gdb=True) as run:
        look_at_threads(run, threads, wanted)
        run.resume()
        run.wait()
        run.refuse_silence(0)
        said = run.console.find(rf"selftest {name}: sum=([0-9a-f]{{16}}) (.*)")
        if said and not said[2].endswith("wrong=0"):
            raise Failed(f"the self-test {name} counted what is wrong", expected="wrong=0", got=said[2])
        run.require_status(0)
        if said is None or int(said[1], 16) != wanted & MASK:
            raise Failed("the threads counted other rounds than they had", expected=f"{wanted & MASK:016x}",
                         got=said[1] if said else f"no line `selftest {name}: ...`")
        return said[2]


def test_threads_turns(bench: Bench) -> None:
    seed = selftest_seed(bench)
    said = check_threads(bench, "threads", THREADS, sum(sum_of(seed, thread, ROUNDS) for thread in range(THREADS)), seed)
    repeated = numbers_in(said).get("repeated", MOST_REPEATED + 1)
    if repeated > MOST_REPEATED:
        raise Failed("a thread that yields has the next turn, too, though others wait",
                     expected=f"at most {MOST_REPEATED} times", got=f"{repeated} times")


def test_threads_wake(bench: Bench) -> None:
    seed = selftest_seed(bench)
    two_players = sum_of(seed, 0, ROUNDS) + sum_of(seed, 1, ROUNDS)
    alone, woken_early = sum_of(seed, 2, SLEEPS), sum_of(seed, 3, ROUNDS)
    check_threads(bench, "sleepers", 4, two_players + alone + woken_early, seed)


def test_thread_stack_overflow(bench: Bench) -> None:
    check_stack_overflow(bench, "threadoverflow")


def test_shares_frames(bench: Bench) -> None:
    check_copied_pages(bench)


# ---- what the machine executes -----------------------------------------------------------------------

MOST_IDLE_INSTRUCTIONS = 60_000     # in half a second, which would be 15 million


def test_idle_is_idle(bench: Bench) -> None:
    with bench.boot(gdb=True) as run:
        counts = []
        for label in ("sleep_begins", "sleep_ends"):
            run.run_to(run.symbol(label), f"the program's label {label}")
            counts.append(run.machine.instructions())
        executed = counts[1] - counts[0]
        if executed > MOST_IDLE_INSTRUCTIONS:
            raise Failed("the machine is busy while its only program sleeps half a second",
                         expected=f"at most {MOST_IDLE_INSTRUCTIONS:,} instructions", got=f"{executed:,}")
        run.resume()
        run.wait()
        judge(run)


def test_init_ends(bench: Bench) -> None:
    """Whatever the others are doing when init ends."""
    check_exit_status(bench)


# ---- the console --------------------------------------------------------------------------------------

WRITERS, LINES = 4, 25          # whole_lines.cc


def test_four_cpus_lines(bench: Bench) -> None:
    test_whole_lines(bench)


def test_whole_lines(bench: Bench) -> None:
    """Every line of every writer is there once, in one piece, and each writer's stand in its order."""
    with bench.boot() as run:
        run.wait()
        judge(run)
        for writer in range(WRITERS):
            wanted = [f"writer {writer} line {i} says {run.program.number(writer * LINES + i):016x}" for i in range(LINES)]
            found = [line for line in run.console.lines if line.startswith(f"writer {writer} ")]
            if found != wanted:
                place = next((i for i, (a, b) in enumerate(zip(wanted, found)) if a != b), min(len(found), LINES - 1))
                raise Failed(f"the console does not hold what writer {writer} wrote, in one piece and in order",
                             expected=wanted[place], got=found[place] if place < len(found) else "no such line")


# ---- page tables, walked from outside ----------------------------------------------------------------

SHARED_PAGES = 6                # own_tables.cc
CHILD_WRITES, PARENT_WRITES = (0, 1, 3), (2, 3)


def pages_at(run: Run, label: str) -> tuple[int, list[Leaf]]:
    """Runs a process to its label: the root of its page tables, and the pages of the memory that it hands over."""
    registers = run.run_to(run.symbol(label), f"the program's label {label}")
    tables = tables_of(run)
    memory = registers[cpus.of(run.bench.settings.arch).first_argument]
    found = tables.between(memory, memory + SHARED_PAGES * PAGE)
    missing = [i for i in range(SHARED_PAGES) if memory + i * PAGE not in found]
    if missing:
        raise Failed(f"page {missing[0]} of the memory is not in the page tables at {label}", expected="a page",
                     got="none")
    return tables.tables[0], [found[memory + i * PAGE] for i in range(SHARED_PAGES)]


def test_own_tables(bench: Bench) -> None:
    with bench.boot(gdb=True) as run:
        parents_root, parents = pages_at(run, "stop_parent")
        childs_root, childs = pages_at(run, "stop_child")
        if parents_root == childs_root:
            raise Failed("parent and child use the same page tables", expected="a root for each",
                         got=f"root 0x{childs_root:x} twice")
        for page, (parent, child) in enumerate(zip(parents, childs)):
            check_page(run, page, parent, child)
        run.resume()
        run.wait()
        judge(run)


def check_page(run: Run, page: int, parent: Leaf, child: Leaf) -> None:
    number = run.program.number
    require_word(run, parent, parent.address, number(20 + page if page in PARENT_WRITES else page), "the parent's memory")
    require_word(run, child, child.address, number(10 + page if page in CHILD_WRITES else page), "the child's memory")
    is_shared = page not in CHILD_WRITES and page not in PARENT_WRITES
    require_sharing(page, is_shared, parent, child)


# ---- what comes back ---------------------------------------------------------------------------------

def test_thousand_forks(bench: Bench) -> None:
    memory_before, processes_before, memory_after, processes_after = values_of(bench)
    if processes_after != processes_before:
        raise Failed("after a thousand children another number of processes is there than before",
                     expected=str(processes_before), got=str(processes_after))
    require_same_memory(memory_before, memory_after)


def test_failing_fork(bench: Bench) -> None:
    before, after = values_of(bench)
    require_same_memory(before, after)


def test_proc_failing(bench: Bench) -> None:
    before, after = values_of(bench)
    require_same_memory(before, after)


FULL_MEMORY = "32M"


def test_fork_until_full(bench: Bench) -> None:
    before, after = values_of(bench, memory=FULL_MEMORY)
    require_same_memory(before, after)


FORK_MEMORY = 8 << 20           # fork_copies_little.cc
MOST_FORK_PAGES = 64            # tables, a kernel stack, the process; the memory has 2,048 pages


def test_fork_copies_little(bench: Bench) -> None:
    before, forked, written, ended, _ = values_of(bench)
    pages = (before - forked) / PAGE
    if pages > MOST_FORK_PAGES:
        raise Failed("a fork takes memory for pages that nobody has written to",
                     expected=f"at most {MOST_FORK_PAGES} pages for tables, stack and process", got=f"{pages:g} pages")
    copied = (forked - written) / PAGE
    half = FORK_MEMORY // 2 // PAGE
    if not half <= copied <= half + MOST_FORK_PAGES:
        raise Failed(f"a child that writes to {half} pages takes another number of them",
                     expected=f"{half} to {half + MOST_FORK_PAGES} pages", got=f"{copied:g} pages")
    if before - ended > MOST_FORK_PAGES * PAGE:
        raise Failed("memory of the child is missing after it was waited for", expected=f"{before:,} bytes free",
                     got=f"{ended:,} bytes")


# ---- the console ---------------------------------------------------------------------------------------

ERASE, END_OF_FILE = b"\x7f", b"\x04"


def test_terminal_modes(bench: Bench) -> None:
    """Types at a program that asks for it; what it read is a number that only the keyboard knew. The row has two CPUs
    because the time of one alone is counted by instructions: it would run away while the program sleeps."""
    numbers = [selftest_seed(bench), selftest_seed(bench) ^ MASK]
    letters = [bytes(ord("a") + (number >> shift & 15) for shift in range(60, -4, -4)) for number in numbers]
    script = {b"line": b"x" + ERASE + letters[0] + b"\r", b"two lines": b"abc\rdef\r", b"end": END_OF_FILE,
              b"raw": letters[1], b"key": b"k"}
    with bench.boot("terminal_modes") as run:
        for name, keys in script.items():
            run.machine.expect(rb"^type: %s\r?$" % name, what=f"that the program asks for its {name.decode()}",
                               ended=run.require_status)
            run.press(keys)
        run.wait()
        judge(run)
        if run.values_in_order() != numbers:
            raise Failed("the program read something else than was typed", expected=letters[0].decode(),
                         got=", ".join(f"{value:x}" for value in run.values_in_order()))
        echo = b"x\b \b" + letters[0] + b"\r\n"
        if echo not in run.machine.console or letters[1] in run.machine.console:
            raise Failed("what is typed is echoed while ECHO is on, and only then", expected=repr(echo)[2:-1],
                         got="the console's last lines")
