"""Rows of the traps lab whose witness stands outside of the guest.

The trap log is QEMU's own, the gdb stub reads the machine's registers, and reports of the kernel must
show register patterns that only this run's program could have loaded.
"""
from __future__ import annotations

from collections.abc import Iterable

from . import cpus, kernel_types, symbols, traps_x86_64
from .bench import PANIC_STATUS, SIGNAL_STATUS, SIGNALS, Bench, Run, judge, run_program, status_text
from .console import Dump
from .selftests import KernelRandom, run_to_selftest, selftest_place
from .traps_x86_64 import kernel_place
from .verdicts import Failed

SIGILL, SIGTRAP, SIGBUS, SIGFPE, SIGSEGV = 4, 5, 7, 8, 11

TICK_HZ = 100
SPIN_ROUNDS = 10_000_000        # of spins_long
NS_PER_INSTRUCTION = 32
CTRL_T = 0x14
NESTING_TICKS, NESTING_REGISTERS = 40, 32       # kernel/selftest/nesting.cc
WORDS_PLACE, WORDS_IN_MEMORY, WORD_LOOKS = 0x40000, 4096, 6     # kernel/selftest/words.cc
RANDOM_WORDS = 20_000           # two million take minutes: selftest=words:SEED:2000000 by hand


def patterns(run: Run) -> dict[str, int]:
    """What draw_patterns loaded in this run, by register."""
    cpu = cpus.of(run.bench.settings.arch)
    drawn = {name: run.program.number(index) for name, index in cpu.patterned.items()}
    return drawn | {cpu.stack_pointer: cpus.canonical(drawn[cpu.stack_pointer], cpu.address_bits)}


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


PAGES_OF_AN_INSTRUCTION = 4     # two of its own, two of what it touches: so many page faults can come at one place


def gives_pages_on_demand(bench: Bench) -> bool:
    """With lab paging a program's first touch of a page is a trap; before, a program that is well has none."""
    return (bench.settings.graded / "kernel/mm/fault.cc").exists()


def test_enters_user_mode(bench: Bench) -> None:
    """gdb stops the machine at the program's first trap and reads what the program had done by then."""
    with bench.boot("enters_user_mode", gdb=True) as run:
        place = run.symbol("cpu_die_breakpoint_pc")
        first_trap = kernel_place(run, "user_trap")
        seen = run.run_to_one_of([place, first_trap])
        earlier: list[tuple[int, int]] = []
        while seen["pc"] == first_trap:
            pc, sp = cpus.of(bench.settings.arch).trapped_at(run, seen)
            if not gives_pages_on_demand(bench) or earlier.count((pc, sp)) >= PAGES_OF_AN_INSTRUCTION:
                raise Failed("the program does not come to its breakpoint: it was not entered with the pc and the registers that "
                             "its context holds", got=f"a trap at pc 0x{pc:x} with the stack pointer 0x{sp:x}",
                             expected=f"it begins at 0x{run.symbol('_start'):x}, below the end of its stack, and goes on to "
                             f"0x{place:x}")
            earlier.append((pc, sp))
            run.gdb().step()
            seen = run.run_to_one_of([place, first_trap])
        check_patterns(run, seen, "the machine, where the program has just loaded its patterns")
        if where := cpus.of(bench.settings.arch).not_in_user_mode(run):
            raise Failed("the program does not run in user mode", expected="a trap from user mode", got=where)


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

def check_death(bench: Bench, signal: int, args: str | None = None, has_address: bool = False,
                stale_at: str = "") -> None:
    """The program proves where it is about to make its mistake; status and report must tell the same.
    `stale_at`: the label of its mistake, where CR2 is given what a page fault of some time ago would have left."""
    with bench.boot(args=args, gdb=bool(stale_at)) as run:
        if stale_at:
            traps_x86_64.leave_stale_address(run, run.symbol(stale_at))
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
        check_place(dump, values[0], values[1] if has_address else 0 if stale_at else None)
        check_patterns(run, dump.registers, "the report")


def check_place(dump: Dump, pc: int, address: int | None) -> None:
    if dump.pc != pc:
        raise Failed("the report shows another pc than that of the instruction", expected=f"pc 0x{pc:x}",
                     got="no pc" if dump.pc is None else f"pc 0x{dump.pc:x}")
    if address is not None and dump.address != address:
        raise Failed("the report shows another address than the one that was touched" if address else
                     "the report shows an address, though nothing was touched: that of an earlier trap",
                     expected=f"address 0x{address:x}",
                     got="no address" if dump.address is None else f"address 0x{dump.address:x}")


def test_illegal_instruction(bench: Bench) -> None:
    check_death(bench, SIGILL)


def test_privileged_instruction(bench: Bench) -> None:
    check_death(bench, SIGILL)


def test_protected_instruction(bench: Bench) -> None:
    check_death(bench, SIGSEGV, stale_at="cpu_die_privileged_pc")


def test_divide_error(bench: Bench) -> None:
    check_death(bench, SIGFPE, stale_at="cpu_die_divide_pc")


def test_breakpoint_pc(bench: Bench) -> None:
    check_death(bench, SIGTRAP)


def test_misaligned_atomic(bench: Bench) -> None:
    check_death(bench, SIGBUS, has_address=True)


def kernel_address(bench: Bench) -> int:
    """A word of the kernel's own text, as this run has drawn it."""
    return symbols.of(bench.settings.kernel_path).code_start + 8 * bench.draw.below("kernel address", 512)


def test_kernel_read(bench: Bench) -> None:
    check_death(bench, SIGSEGV, args=f"0 0x{kernel_address(bench):x}", has_address=True)


def test_kernel_write(bench: Bench) -> None:
    check_death(bench, SIGSEGV, args=f"1 0x{kernel_address(bench):x}", has_address=True)


def test_kernel_execute(bench: Bench) -> None:
    check_death(bench, SIGSEGV, args=f"2 0x{kernel_address(bench):x}", has_address=True)


def test_null_read(bench: Bench) -> None:
    check_death(bench, SIGSEGV, has_address=True)


def test_null_call(bench: Bench) -> None:
    check_death(bench, SIGSEGV, has_address=True)


def test_no_address(bench: Bench) -> None:
    """Bits 47 to 63 are not equal."""
    check_death(bench, SIGSEGV, args=f"0 0x{0x8000_0000_0000 + 8 * bench.draw.below('no address', 1 << 40):x}")


# ---- mistakes of the kernel itself -------------------------------------------------------------------

PANIC_DEPTH = 8                 # kernel/selftest/traps.cc


def panic_of(run: Run) -> Dump:
    """The report of a panic, which is the only right end of this run."""
    run.wait()
    run.refuse_room()
    dump = run.console.panic()
    if run.machine.status != PANIC_STATUS or dump is None:
        raise Failed("the kernel did not panic", expected="a report that starts with PANIC:",
                     got=status_text(run.machine.status))
    if "PANIC: end" not in run.console.lines:
        raise Failed("the report of the panic is not whole", expected="PANIC: end", got="no such line")
    return dump


def require_trap(run: Run, address: int) -> None:
    """QEMU's own log has a trap of the kernel at this address: what the kernel prints of it is no witness."""
    if not any(trap.value == address and not trap.interrupt for trap in run.machine.trap_log()):
        raise Failed("the kernel reports a trap that it did not take", expected=f"a trap with the address 0x{address:x}",
                     got="none in QEMU's trap log")


def names_in(bench: Bench, dump: Dump) -> list[str]:
    """The functions of a printed backtrace, by its addresses: what the kernel calls them is no witness."""
    table = symbols.of(bench.settings.kernel_path)
    found = [table.find(step.address) for step in dump.backtrace]
    return [symbols.demangle(name[0]).rsplit("::", 1)[-1] if name else "?" for name in found]


def require_backtrace(wanted: list[str], seen: list[str]) -> None:
    for number, name in enumerate(wanted):
        if number >= len(seen) or seen[number] != name:
            raise Failed(f"step {number} of the backtrace is wrong", expected=name,
                         got=seen[number] if number < len(seen) else "no such step")


def test_panic_backtrace(bench: Bench) -> None:
    """The kernel panics below a chain of functions that this run has drawn, two steps for each bit."""
    path = bench.draw.below("path", 1 << PANIC_DEPTH)
    with bench.boot(selftest=f"panic:{path:x}") as run:
        chain = ["choose"]
        for bit in reversed(range(PANIC_DEPTH)):
            chain += ["panic_right" if path >> bit & 1 else "panic_left", "choose"]
        require_backtrace([*chain, "selftest_panic", "run", "kernel_main"], names_in(bench, panic_of(run)))


def test_null_dereference(bench: Bench) -> None:
    """A bad pointer is reported with its address and its callers, and once more while that is reported."""
    drawn = 8 + 8 * bench.draw.below("address", 500) | 8
    with bench.boot(selftest=f"null:{drawn:x}", trap_log=True) as run:
        dump = panic_of(run)
        if dump.address != drawn & 0xFF8 | 8:
            raise Failed("the report shows another address than the one that was written to",
                         expected=f"address 0x{drawn & 0xFF8 | 8:x}", got=dump.headline)
        require_trap(run, dump.address)
        if "write" not in dump.headline:
            raise Failed("the report names another cause than a write to memory that is not mapped",
                         expected="a write page fault", got=dump.headline)
        require_backtrace(["write_to_first_page", "selftest_null", "run", "kernel_main"],
                          names_in(bench, dump))
    with bench.boot(selftest=f"nested:{drawn:x}") as run:
        panic_of(run)
        if run.console.find(rf"PANIC: .* address 0x{drawn & 0xFF8 | 8:x} .*while reporting") is None:
            raise Failed("a mistake in the middle of a panic's report is not told",
                         expected=f"a second PANIC: line with address 0x{drawn & 0xFF8 | 8:x}", got="no such line")


def test_stack_overflow(bench: Bench) -> None:
    check_stack_overflow(bench, "overflow")


def check_stack_overflow(bench: Bench, selftest: str) -> None:
    with bench.boot(selftest=selftest) as run:
        dump = panic_of(run)
        if "stack overflow" not in dump.headline:
            raise Failed("the report does not say that the stack overflowed",
                         expected="kernel stack overflow", got=dump.headline)
        require_backtrace(["use_up_the_stack"] * 3, names_in(bench, dump))


def nesting_digest(seed: int) -> int:
    """What the registers hold in kernel/selftest/nesting.cc."""
    values = [seed * (2 * i + 3) for i in range(NESTING_REGISTERS)]
    values[27] = values[26]
    return digest_of(values)


def digest_of(values: Iterable[int]) -> int:
    total = 0
    for value in values:
        total = total * 31 + value
    return total & (1 << 64) - 1


def test_nested_state(bench: Bench) -> None:
    """Code of the kernel with patterns in every register, interrupted by ticks in ticks in ticks."""
    seed = bench.draw.below("nesting seed", 1 << 62)
    with bench.boot(selftest=f"nesting:{seed:x}", trap_log=True, gdb=True) as run:
        run_to_selftest(run, "nesting_done")
        place = selftest_place(run, "registers_seen")
        seen = digest_of(run.gdb().read_word(place + 8 * i) for i in range(NESTING_REGISTERS))
        run.resume()
        run.wait()
        run.refuse_silence(0)
        said = run.console.find(r"selftest nesting: digest=([0-9a-f]{16}) deepest=(\d+) wrong=(\d+)")
        wanted = f"{nesting_digest(seed):016x}"
        if said is None or said[1] != wanted or said[3] != "0":
            changed = run.console.find(r"selftest nesting: (x\d+) was")
            raise Failed("a register of the kernel changed over nested ticks" + (f": {changed[1]}" if changed else ""),
                         expected=f"digest {wanted}, 0 wrong",
                         got=f"digest {said[1]}, {said[3]} wrong" if said else "no line of the self-test")
        if seen != nesting_digest(seed):
            raise Failed("a register of the kernel changed over nested ticks", expected=f"digest {wanted} in memory",
                         got=f"{seen:016x}")
        run.require_status(0)
        ticks = sum(trap.is_tick for trap in run.machine.trap_log())
        if ticks < NESTING_TICKS:
            raise Failed("the kernel was not interrupted as often as the self-test says",
                         expected=f"at least {NESTING_TICKS} timer interrupts in QEMU's trap log", got=str(ticks))


def test_random_words(bench: Bench) -> None:
    """The kernel enters user mode at each of many random words and gets the CPU back every time."""
    seed = bench.draw.below("words", 1 << 31)
    with bench.boot(selftest=f"words:{seed}:{RANDOM_WORDS}", gdb=True) as run:
        run.run_to(WORDS_PLACE, "the first word")
        check_words(run, seed)
        for place in sorted({bench.draw.below(f"word {look}", WORDS_IN_MEMORY - 1) + 1 for look in range(WORD_LOOKS)}):
            run.run_to(WORDS_PLACE + 4 * place, f"word {place}")
        run.resume()
        run.wait()
        run.require_status(0)
        said = run.console.find(r"selftest words: words=([0-9]{1,9}) traps=([0-9]{1,9}) loops=([0-9]{1,9})$")
        if said is None or int(said[1]) != RANDOM_WORDS or int(said[2]) + int(said[3]) != RANDOM_WORDS:
            raise Failed("not every word was run", expected=f"words={RANDOM_WORDS}",
                         got=said[0] if said else "no line of the self-test")


def check_words(run: Run, seed: int) -> None:
    """Before the first is run, for they write over each other: the words are those that the seed draws."""
    random = KernelRandom(seed)
    words = bytes(random.next() >> 56 for _ in range(4 * WORDS_IN_MEMORY))
    found = run.gdb().read_memory(WORDS_PLACE, len(words))
    for at in range(0, len(words), 4):
        if found[at:at + 4] != words[at:at + 4]:
            raise Failed(f"another word than the self-test has drawn is at 0x{WORDS_PLACE + at:x}", expected=words[at:at + 4].hex(),
                         got=found[at:at + 4].hex())


# ---- ticks ----------------------------------------------------------------------------------------

def test_tick_rate(bench: Bench) -> None:
    """QEMU's trap log: how often the timer took the CPU from a program that never gives it away."""
    with bench.boot("spins_long", args=str(SPIN_ROUNDS), seeded=False, trap_log=True) as run:
        run.wait()
        loop = run.symbol("cpu_spin_loop")
        log = run.machine.trap_log()
        ticks = [trap for trap in log if trap.is_tick and trap.within(loop, loop + 16)]
        seconds = SPIN_ROUNDS * cpus.of(bench.settings.arch).spin_instructions * NS_PER_INSTRUCTION / 1e9
        wanted = round(seconds * TICK_HZ)
        # The loop's own time is exact; a tick's handling takes some more, so the last one may be one more.
        if not wanted - 2 <= len(ticks) <= wanted + 4:
            run.refuse_silence(0)
            raise Failed("the timer does not interrupt the program at the set rate",
                         expected=f"about {wanted} ticks in {seconds:.2f} s ({TICK_HZ} a second)",
                         got=f"{len(ticks)} in QEMU's trap log")
        judge(run)
    check_ticks_ask(bench)


def check_ticks_ask(bench: Bench) -> None:
    """Between a tick and the program's next instruction the kernel does what was asked for: to give way."""
    types = kernel_types.of(bench.settings.kernel_path, ("kernel/entry/user_loop.cc",))
    work, wanted = types.field("core::Thread", "work.value_"), types.enumerators("core::Work")["kReschedule"]
    with bench.boot("spins_long", gdb=True) as run:
        run.run_to(run.symbol("cpu_spin_loop"), "the program's loop")
        do_work, back = (kernel_place(run, name) for name in ("_ZN5entry12_GLOBAL__N_17do_work", "enter_user"))
        seen = run.run_to_one_of([do_work, back])
        asked = 0
        if seen["pc"] == do_work:
            thread = seen[cpus.of(bench.settings.arch).first_argument]
            asked = int.from_bytes(run.gdb().read_memory(thread + work.offset, work.size), "little")
        if not asked & wanted:
            raise Failed("a tick has interrupted the program, and nobody asks it to give way",
                         expected="core::Work::kReschedule in the thread's work, before it goes on in user mode",
                         got=f"work {asked:#x}" if asked else "nothing to do: the program goes on at once")


def test_floats_preempted(bench: Bench) -> None:
    run_program(bench)
    if bench.settings.arch == "x86_64":
        traps_x86_64.whole_float_forms(bench)


def test_spin_shown(bench: Bench) -> None:
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


# ---- x86-64 alone -----------------------------------------------------------------------------------

def test_no_return_address(bench: Bench) -> None:
    traps_x86_64.no_return_address(bench)


def test_kernel_flags(bench: Bench) -> None:
    traps_x86_64.kernel_flags(bench)


def test_nmi_anywhere(bench: Bench) -> None:
    traps_x86_64.nmi_anywhere(bench)
