"""Rows of the traps lab whose witness stands outside of the guest.

The trap log is QEMU's own, the gdb stub reads the machine's registers, and reports of the kernel must
show register patterns that only this run's program could have loaded.
"""
from __future__ import annotations

from .bench import SIGNAL_STATUS, SIGNALS, Bench, Run, judge
from .console import Dump
from .verdicts import Failed

SIGILL, SIGTRAP, SIGBUS, SIGSEGV = 4, 5, 7, 11

# user/arch/riscv64: element i of a register array belongs to x(i + 1), and draw_patterns fills it with
# secret(i), but for s11, which counts and is the address that a program touches.
PATTERNED = ("ra sp gp tp t0 t1 t2 s0 s1 a0 a1 a2 a3 a4 a5 a6 a7 s2 s3 s4 s5 s6 s7 s8 s9 s10").split()
PATTERNED_LATE = {"t3": 27, "t4": 28, "t5": 29, "t6": 30}
USER_BIT_OF_MSTATUS = 8         # SPP: 0 if the trap came from user mode

TICK_HZ = 100
SPIN_ROUNDS = 10_000_000        # of spins_long; two instructions each
NS_PER_INSTRUCTION = 32
CTRL_T = 0x14


def patterns(run: Run) -> dict[str, int]:
    """What draw_patterns loaded in this run, by register."""
    numbers = {name: index for index, name in enumerate(PATTERNED)} | PATTERNED_LATE
    return {name: run.program.number(index) for name, index in numbers.items()}


def check_patterns(run: Run, seen: dict[str, int], where: str) -> None:
    for name, wanted in patterns(run).items():
        if seen.get(name) != wanted:
            got = "nothing" if name not in seen else f"0x{seen[name]:016x}"
            raise Failed(f"register {name} is wrong in {where}", expected=f"{name} 0x{wanted:016x}",
                         got=f"{name} {got}")


# ---- the way to user mode and back ----------------------------------------------------------------

def test_first_call(bench: Bench) -> None:
    check_text(bench, lambda run: "first call")


def test_writes_text(bench: Bench) -> None:
    check_text(bench, lambda run: f"[{run.program.number(0):016x} {run.program.number(1):016x}]")


def check_text(bench: Bench, wanted: object) -> None:
    """The proof verifies and a line of the console is just the one that the program wrote."""
    with bench.boot() as run:
        run.wait()
        judge(run)
        line = wanted(run)
        if line not in run.console.lines:
            raise Failed("what the program wrote is not on the console",
                         expected=f"a line {line!r}", got="no such line")


def test_enters_user_mode(bench: Bench) -> None:
    """gdb stops the machine at the program's first trap and reads what the program had done by then."""
    with bench.boot("enters_user_mode", gdb=True) as run:
        place = run.symbol("cpu_die_breakpoint_pc")
        seen = run.run_to(place, "the program's breakpoint")
        check_patterns(run, seen, "the machine, where the program has just loaded its patterns")
        run.gdb().step()
        status = run.machine.registers()[0].get("mstatus", 0)
        if status >> USER_BIT_OF_MSTATUS & 1:
            raise Failed("the program does not run in user mode", expected="a trap from user mode",
                         got="a trap from supervisor mode (sstatus.SPP is set)")


def test_exit_status(bench: Bench) -> None:
    check_exit_status(bench)


def test_exit_thread(bench: Bench) -> None:
    check_exit_status(bench)


def check_exit_status(bench: Bench) -> None:
    """QEMU's status is the number that the program proved it would give."""
    with bench.boot() as run:
        run.wait()
        wanted = 1 + run.program.number(0) % 62
        run.require_status(wanted)
        value = run.values_in_order()[0]
        if value != wanted:
            raise Failed("the program gave another status than it must", expected=str(wanted), got=str(value))


# ---- programs that end by a mistake of their own ---------------------------------------------------

def check_death(bench: Bench, signal: int, args: str | None = None, has_address: bool = False) -> None:
    """The program proves where it is about to make its mistake; status and report must tell the same."""
    with bench.boot(args=args) as run:
        run.wait()
        run.require_status(SIGNAL_STATUS + signal)
        values = run.values_in_order()
        dump = run.console.killed()
        if dump is None:
            raise Failed("the kernel ended the program without a report",
                         expected=f"a line `cairn: ... killed by {SIGNALS[signal]}: ...`", got="no such line")
        if SIGNALS[signal] not in dump.headline:
            raise Failed("the report names another signal than the status", expected=SIGNALS[signal],
                         got=dump.headline)
        check_place(dump, values[0], values[1] if has_address else None)
        check_patterns(run, dump.registers, "the report")


def check_place(dump: Dump, pc: int, address: int | None) -> None:
    if dump.pc != pc:
        raise Failed("the report shows another pc than that of the instruction", expected=f"pc 0x{pc:x}",
                     got="no pc" if dump.pc is None else f"pc 0x{dump.pc:x}")
    if address is not None and dump.address != address:
        raise Failed("the report shows another address than the one that was touched",
                     expected=f"address 0x{address:x}",
                     got="no address" if dump.address is None else f"address 0x{dump.address:x}")


def test_die_illegal(bench: Bench) -> None:
    check_death(bench, SIGILL)


def test_die_privileged(bench: Bench) -> None:
    check_death(bench, SIGILL)


def test_die_breakpoint(bench: Bench) -> None:
    check_death(bench, SIGTRAP)


def test_die_misaligned(bench: Bench) -> None:
    check_death(bench, SIGBUS, has_address=True)


def test_die_memory(bench: Bench) -> None:
    """Kernel memory, and memory that nobody has: read, written and executed."""
    kernel = 0xFFFFFFFF80200000 + 8 * bench.draw.below("kernel address", 512)
    nobody = 0x40_0000_0000 - 4096 + 8 * bench.draw.below("hole", 512)
    for way, address in ((0, kernel), (1, kernel), (2, kernel), (0, nobody), (1, nobody)):
        check_death(bench, SIGSEGV, args=f"{way} 0x{address:x}", has_address=True)


# ---- ticks ----------------------------------------------------------------------------------------

def test_tick_rate(bench: Bench) -> None:
    """QEMU's trap log: how often the timer took the CPU from a program that never gives it away."""
    with bench.boot("spins_long", args=str(SPIN_ROUNDS), seeded=False, trap_log=True) as run:
        run.wait()
        loop = run.symbol("cpu_spin_loop")
        log = run.machine.trap_log()
        ticks = [trap for trap in log if trap.name == "s_timer" and trap.within(loop, loop + 16)]
        seconds = SPIN_ROUNDS * 2 * NS_PER_INSTRUCTION / 1e9
        wanted = round(seconds * TICK_HZ)
        # The loop's own time is exact; a tick's handling takes some more, so the last one may be one more.
        if not wanted - 2 <= len(ticks) <= wanted + 4:
            run.refuse_silence(0)
            raise Failed("the timer does not interrupt the program at the set rate",
                         expected=f"about {wanted} ticks in {seconds:.2f} s ({TICK_HZ} a second)",
                         got=f"{len(ticks)} in QEMU's trap log")
        judge(run)


def test_key_report(bench: Bench) -> None:
    """Ctrl-T comes while the program spins; the report shows its pc and its patterns, and it goes on."""
    with bench.boot("spins_long", gdb=True) as run:
        loop = run.symbol("cpu_spin_loop")
        run.run_to(loop, "the program's loop")
        run.press_stopped(CTRL_T)
        run.resume()
        run.machine.expect(rb"status: end", what="a report that ends with `status: end` after Ctrl-T",
                           ended=run.require_status)
        dump = run.console.status_report()
        if dump is None:
            raise Failed("there is no report after Ctrl-T", expected="a line `status: ...`", got="none")
        if dump.pc is None or not loop <= dump.pc < loop + 16:
            raise Failed("the report's pc is not in the loop in which the program spins",
                         expected=f"a pc from 0x{loop:x} on, 16 bytes",
                         got="no pc" if dump.pc is None else f"pc 0x{dump.pc:x}")
        check_patterns(run, dump.registers, "the report")
        run.wait()
        judge(run)
