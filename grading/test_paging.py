"""Rows of the paging lab whose witness stands outside of the guest.

The host walks page tables and reads frames over the gdb stub and compares them with what the program
asked for; it compares the free memory that a program saw before and after; and a program that ends must
end by the signal, the reason and the address that it has proven beforehand.
"""
from __future__ import annotations

from . import cpus, kernel_types, memory_picture, symbols
from .bench import SIGNAL_STATUS, SIGNALS, Bench, Run, judge
from .kernel_memory import KernelMemory
from .memory_checks import (check_copied_pages, check_selftest, form_of, read_tables, require_same_memory,
                            require_word, tables_of, values_of)
from .page_walk import PAGE, Format, PageTables
from .selftests import KernelRandom, run_to_selftest, selftest_place, selftest_seed
from .test_traps import check_patterns, panic_of, require_trap
from .verdicts import Failed

SIGKILL = 9
SIGNAL_NUMBERS = {name: number for number, name in SIGNALS.items()} | {"SIGKILL": SIGKILL}


# ---- programs that end by a mistake of their own -----------------------------------------------------

def check_end(bench: Bench, reason: str, args: str | None = None) -> None:
    """The program proves which address it is about to touch; status and report must tell signal, reason and place."""
    signal = bench.row.extra["ends"]
    with bench.boot(args=args) as run:
        run.wait()
        run.require_status(SIGNAL_STATUS + SIGNAL_NUMBERS[signal])
        address = run.values_in_order()[-1]
        dump = run.console.killed()
        headline = dump.headline if dump else "no report"
        if dump is None or signal not in headline or reason not in headline:
            raise Failed("the report names another signal or reason", expected=f"{signal} and {reason}", got=headline)
        if dump.address != address:
            raise Failed("the report shows another address than the one that was touched",
                         expected=f"address 0x{address:x}", got=headline)
        check_patterns(run, dump.registers, "the report")


def test_unmapped_read(bench: Bench) -> None:
    check_end(bench, "SEGV_MAPERR")


def test_hole_below(bench: Bench) -> None:
    for args in (bench.row.args, "13 0", "14 2"):       # mistake and way: die_access.cc
        check_end(bench, "SEGV_MAPERR", args)


def test_none_read(bench: Bench) -> None:
    check_end(bench, "SEGV_ACCERR")


def test_readonly_write(bench: Bench) -> None:
    check_end(bench, "SEGV_ACCERR")


def test_data_execute(bench: Bench) -> None:
    check_end(bench, "SEGV_ACCERR")


def test_stack_execute(bench: Bench) -> None:
    check_end(bench, "SEGV_ACCERR")


def test_text_write(bench: Bench) -> None:
    check_end(bench, "SEGV_ACCERR")


def test_shared_write(bench: Bench) -> None:
    check_end(bench, "SEGV_ACCERR")


def test_unmap_at_once(bench: Bench) -> None:
    check_end(bench, "SEGV_MAPERR")


def test_protect_at_once(bench: Bench) -> None:
    check_end(bench, "SEGV_ACCERR")


def test_move_at_once(bench: Bench) -> None:
    check_end(bench, "SEGV_MAPERR")


def test_replace_at_once(bench: Bench) -> None:
    check_end(bench, "SEGV_ACCERR")


def test_behind_file(bench: Bench) -> None:
    check_end(bench, "BUS_ADRERR")


def test_stack_limit(bench: Bench) -> None:
    check_end(bench, "SEGV_MAPERR")


def test_stack_address_limit(bench: Bench) -> None:
    check_end(bench, "SEGV_MAPERR")


def test_guard_gap(bench: Bench) -> None:
    check_end(bench, "SEGV_MAPERR")


# ---- memory that comes back --------------------------------------------------------------------------

def check_given_back(bench: Bench) -> None:
    before, after = values_of(bench)
    require_same_memory(before, after)


def test_cycles(bench: Bench) -> None:
    check_given_back(bench)


def test_tables_given_back(bench: Bench) -> None:
    check_given_back(bench)


def test_failing_memory_calls(bench: Bench) -> None:
    check_given_back(bench)


def test_failing_file_calls(bench: Bench) -> None:
    check_given_back(bench)


SPARSE_TOUCHES = 16             # huge_sparse.cc


def test_huge_sparse(bench: Bench) -> None:
    """Mapping costs nothing but its description, a touch one page and at most two tables."""
    before, mapped, touched, after = values_of(bench)
    if before - mapped > 4 * PAGE:
        raise Failed("mapping 64 GiB takes memory before anything is touched", expected="at most 4 pages",
                     got=f"{(before - mapped) / PAGE:g} pages")
    most = 3 * SPARSE_TOUCHES + 8
    pages = (mapped - touched) / PAGE
    if not SPARSE_TOUCHES <= pages <= most:
        raise Failed(f"{SPARSE_TOUCHES} pages that were touched take another amount of memory than themselves and "
                     "their tables", expected=f"{SPARSE_TOUCHES} to {most} pages", got=f"{pages:g} pages")
    require_same_memory(before, after)


TABLES_AND_MAPPINGS = 16        # of reads_are_cheap.cc: a megabyte, and eight mappings of a small file


def test_reads_are_cheap(bench: Bench) -> None:
    before, after, _ = values_of(bench)
    pages = (before - after) / PAGE
    if pages > TABLES_AND_MAPPINGS:
        raise Failed("pages that are only read take memory of their own",
                     expected=f"at most {TABLES_AND_MAPPINGS} pages for tables and mappings", got=f"{pages:g} pages")


SMALL_MEMORY = "32M"


def test_small_memory(bench: Bench) -> None:
    free, = values_of(bench, memory=SMALL_MEMORY)
    if free >= 32 << 20:
        raise Failed("more memory is free than the machine has", expected="less than 32 MiB", got=f"{free:,} bytes")


def test_out_of_memory(bench: Bench) -> None:
    """The program is ended, and the kernel says why and lives on to power the machine off."""
    with bench.boot(memory=SMALL_MEMORY) as run:
        run.wait()
        run.require_status(SIGNAL_STATUS + SIGKILL)
        run.values()
        dump = run.console.killed()
        if dump is None or "memory" not in dump.headline:
            raise Failed("the report does not say that memory ran out", expected="killed by SIGKILL: out of memory",
                         got=dump.headline if dump else "no report")


# ---- page tables, walked from outside ----------------------------------------------------------------

def stopped_program(run: Run) -> tuple[dict[str, int], PageTables]:
    """Runs to the program's breakpoint; its registers, and the tables that the CPU uses there."""
    registers = run.run_to(run.symbol("cpu_die_breakpoint_pc"), "the program's breakpoint")
    check_patterns(run, registers, "the machine, where the program has just loaded its patterns")
    return registers, tables_of(run)


TOUCH_PAGES = 8                 # first_touch.cc
STACK_PAGES = 6


def test_first_touch(bench: Bench) -> None:
    with bench.boot(gdb=True) as run:
        registers, tables = stopped_program(run)
        pages = {leaf.address: leaf for leaf in tables.user()}
        bss, data = run.symbol("first_touch_bss"), run.symbol("first_touch_data")
        stack = registers[cpus.of(bench.settings.arch).address_register]
        for i in range(TOUCH_PAGES):
            for place, number, every in ((bss, i, 2), (data, 100 + i, 3)):
                wanted = run.program.number(number) if i % every == 0 else 0
                at = place + i * PAGE
                require_word(run, pages.get(at), at + 9 * 8, wanted, "the program's data")
        require_word(run, pages.get(data), data, 0x6361697268, "the program's data")
        for i in range(STACK_PAGES):
            at = stack + i * PAGE
            require_word(run, pages.get(at - at % PAGE), at, run.program.number(200 + i), "the program's stack")


MAPPED_PAGES = 600              # drawn_mappings.cc


def drawn_pages(run: Run) -> dict[int, str]:
    """Which pages of the arena must be in the tables, and with which rights: drawn_mappings.cc, once more."""
    pages = {i: "rwu" for i in range(MAPPED_PAGES) if run.program.number(i) % 3 != 0}
    for i in range(0, MAPPED_PAGES, 10):
        kind = run.program.number(i) // 3 % 4
        if kind == 1:
            pages.update({page: "ru" for page in range(i, i + 5) if page in pages})
        first, count = {2: (i + 1, 5), 3: (i + 2, 3)}.get(kind, (0, 0))
        for page in range(first, first + count):
            pages.pop(page, None)
    return pages


def test_page_tables(bench: Bench) -> None:
    with bench.boot(gdb=True) as run:
        registers, tables = stopped_program(run)
        memory_picture.show(run, "Memory when the program had touched what it wanted")
        arena = registers[cpus.of(bench.settings.arch).address_register]
        found = tables.between(arena, arena + MAPPED_PAGES * PAGE)
        wanted = drawn_pages(run)
        for i in range(MAPPED_PAGES):
            leaf, rights = found.get(arena + i * PAGE), wanted.get(i)
            if (leaf and leaf.rights) != rights:
                raise Failed(f"page {i} of the program's memory is otherwise in the page tables than it asked for",
                             expected=f"rights {rights}" if rights else "no page",
                             got=f"rights {leaf.rights}" if leaf else "no page")
            if leaf:
                require_word(run, leaf, leaf.address + 8, run.program.number(i) ^ i, "the program's memory")
        frames = [leaf.frame for leaf in tables.user()]
        twice = {frame for frame in frames if frames.count(frame) > 1 and word_in_frame(run, frame)}
        if twice:
            raise Failed("two addresses of the program lead to one frame", expected="a frame for each",
                         got=f"frame 0x{min(twice):x} twice")


def word_in_frame(run: Run, frame: int) -> bool:
    """Whether a frame holds anything but zeroes: the frame of zeroes may stand for many pages."""
    return any(run.gdb().read_memory(frame, PAGE, physical=True))


STRIDES = 8                     # table_pages.cc
STRIDE = 1 << 30


def test_tables_by_need(bench: Bench) -> None:
    counts = []
    for time in range(3):
        with bench.boot(args=str(time), gdb=True) as run:
            registers, tables = stopped_program(run)
            counts.append(len(tables.tables))
            memory = registers[cpus.of(bench.settings.arch).address_register]
            pages = tables.between(memory, memory + STRIDES * STRIDE)
            if len(pages) != (STRIDES if time == 1 else 0):
                raise Failed("another number of pages is mapped than was touched", got=str(len(pages)),
                             expected=str(STRIDES if time == 1 else 0))
    untouched, touched, unmapped = counts
    # A gigabyte is what one table of level 1 covers: each touch needs that and one of level 0, and the root of so many
    # may be new as well.
    if not untouched < touched <= untouched + 2 * STRIDES + 2:
        raise Failed("a page in each of eight gigabytes needs another number of page tables",
                     expected=f"at most {2 * STRIDES + 2} more than {untouched}", got=str(touched))
    if unmapped != untouched:
        raise Failed("page tables are left over when all is unmapped", expected=str(untouched), got=str(unmapped))


def test_separate_halves(bench: Bench) -> None:
    with bench.boot(gdb=True) as run:
        _, tables = stopped_program(run)
        for leaf in tables.leaves:
            if leaf.may("w") and leaf.may("x"):
                raise Failed(f"the page at 0x{leaf.address:x} can be both written and executed",
                             expected="one or the other", got=f"rights {leaf.rights}")
            if leaf.address >> 63 and leaf.may("u"):
                raise Failed(f"a program can reach the kernel's page at 0x{leaf.address:x}",
                             expected="no user bit", got=f"rights {leaf.rights}")
        names = symbols.of(bench.settings.kernel_path).by_name
        text = tables.between(names["text_begin"] & -PAGE, names["text_end"])
        begin = min((leaf.frame for leaf in text.values()), default=0)
        end = max((leaf.frame + leaf.size for leaf in text.values()), default=0)
        for leaf in tables.kernel():
            if leaf.may("w") and leaf.frame < end and begin < leaf.frame + leaf.size:
                raise Failed("the kernel's code can be written to under another address", expected="no such page",
                             got=f"0x{leaf.address:x}, rights {leaf.rights}")


# ---- copies ------------------------------------------------------------------------------------------

COPIES = ((64, True, "reads"), (PAGE + 128, False, "writes"), (2 * PAGE + 256, True, "reads a string"))   # copies_locked.cc
COPYING_UNITS = ("kernel/mm/user_memory.cc", "kernel/entry/user_loop.cc")


def test_copies_locked(bench: Bench) -> None:
    types = kernel_types.of(bench.settings.kernel_path, COPYING_UNITS)
    with bench.boot(gdb=True) as run:
        registers = run.run_to(run.symbol("stop_before_copies"), "the program, before it asks for copies")
        memory = registers[cpus.of(bench.settings.arch).first_argument]
        tables = tables_of(run)
        looker = KernelMemory(types, form_of(run), run.gdb())
        for place, reading, what in COPIES:
            run.run_to_access(kernels_address(run, tables, memory + place), 8, reading)
            looker.use(tables)
            thread = looker.member(types.address("cpu_blocks"), "arch::Cpu", "running")
            space = looker.member(thread, "core::Thread", "memory.space")
            if looker.member(space, "mm::AddressSpace", "lock_.state_.value_") == 0:
                raise Failed(f"the kernel {what} a program's memory, whose address space is not locked meanwhile: another CPU "
                             "may unmap the page and give its frame away", expected="AddressSpace::lock_ is held",
                             got="it is free, where the bytes are touched")
        run.resume()
        run.wait()
        judge(run)


def kernels_address(run: Run, tables: PageTables, address: int) -> int:
    """Where the kernel finds a byte of a program's memory, by its own map of all frames."""
    page = tables.between(address & -PAGE, (address & -PAGE) + PAGE).get(address & -PAGE)
    if page is None:
        raise Failed("a page that the program has touched is not in the page tables", expected="a page",
                     got=f"none at 0x{address & -PAGE:x}")
    for leaf in tables.kernel():
        if leaf.frame <= page.frame < leaf.frame + leaf.size:
            return leaf.address + page.frame - leaf.frame + address % PAGE
    raise Failed("the kernel's half does not map the program's frame", expected="a page of the kernel's map", got="none")


# ---- self-tests of the kernel ------------------------------------------------------------------------

PLACES = 40                     # kernel/selftest/tables.cc


def drawn_places(random: KernelRandom, form: Format) -> list[int]:
    """The pages of the self-tests walk and unmap: at distances that share tables of every level, or none."""
    places: list[int] = []
    while len(places) < PLACES:
        span = 64 * (PAGE << 9 * (len(places) % form.levels))
        place = random.below(min(span, form.user_end)) & -PAGE
        if place not in places:
            places.append(place)
    return places


def test_walk_tables(bench: Bench) -> None:
    """Forty pages are mapped through the room; the host finds just these, and no table too many."""
    def look(run: Run) -> None:
        require_pages(run, drawn_places(KernelRandom(selftest_seed(bench)), form_of(run)))

    check_selftest(bench, "walk", look=look)


def test_unmap_range(bench: Bench) -> None:
    """After half of the unmapping the host finds just what is left, in just the tables that this needs."""
    def look(run: Run) -> None:
        random = KernelRandom(selftest_seed(bench))
        places = drawn_places(random, form_of(run))
        require_pages(run, places)
        run.gdb().step()
        left = list(places)
        for place in places[:PLACES // 2]:
            before = random.below(3) * PAGE
            begin, end = max(0, place - before), place + (1 + random.below(3)) * PAGE
            left = [one for one in left if not begin <= one < end]
        require_pages(run, left)

    check_selftest(bench, "unmap", look=look)


def require_pages(run: Run, places: list[int]) -> None:
    """Runs to where the self-test shows its tables; they must lead to these pages, by as few tables as that takes."""
    cpu = cpus.of(run.bench.settings.arch)
    names = symbols.of(run.machine.boot.kernel).by_name
    registers = run.run_to(names["selftest_tables_ready"], "the self-test's tables")
    tables = read_tables(run, registers[cpu.first_argument])
    found = [leaf.address for leaf in tables.user()]
    for place in sorted({*found} ^ {*places}):
        raise Failed("the tables lead to other pages than they must", expected="a page" if place in places else "no page",
                     got=f"{'no page' if place in places else 'a page'} at 0x{place:x}")
    if len({leaf.frame for leaf in tables.user()}) != len(places):
        raise Failed("two pages lead to one frame", expected="a frame for each", got="one frame twice")
    levels = range(1, cpu.page_tables.levels)
    needed = 1 + sum(len({place // (PAGE << 9 * level) for place in places}) for level in levels)
    if len(tables.user_tables) != needed:
        raise Failed("another number of tables is in use than the pages need", expected=f"{needed} tables",
                     got=f"{len(tables.user_tables)} tables")


def test_frame_of_page(bench: Bench) -> None:
    """What a shared, a private and an anonymous mapping show in the end: kernel/selftest/tables.cc, try_pages."""
    place, seed = 0x800000, selftest_seed(bench)
    shared, secret, own = place + PAGE, place + 17 * PAGE, place + 32 * PAGE
    wanted = {shared: seed + 2, shared + 8: 2, secret: 7, secret + 8: 1, own: 0, own + 8: 3}

    def look(run: Run) -> None:
        run.run_to(symbols.of(run.machine.boot.kernel).by_name["selftest_pages_ready"], "the self-test's pages")
        pages = {leaf.address: leaf for leaf in tables_of(run).user()}
        for address, word in wanted.items():
            require_word(run, pages.get(address & -PAGE), address, word, "the self-test's memory")
        if pages[shared].frame == pages[secret].frame:
            raise Failed("a shared and a private mapping, both written to, show one frame", got="one frame",
                         expected="a copy for the private one")

    check_selftest(bench, "pages", look=look)


def test_copy_on_write(bench: Bench) -> None:
    check_copied_pages(bench)


SHOOTDOWN_ROUNDS = 6


def test_other_cpus(bench: Bench) -> None:
    """Into each frame that the page comes to show the host writes a number; every other CPU must find it there."""
    def look(run: Run) -> None:
        cpu, stub, seen = cpus.of(bench.settings.arch), run.gdb(), selftest_place(run, "host_words_seen")
        for round in range(-1, SHOOTDOWN_ROUNDS):       # the first frame is shown before the others look
            frame = run_to_selftest(run, "host_writes_into_page")[cpu.first_argument]
            number = bench.draw.below(f"round {round}", 1 << 64)
            stub.write_word(frame + 8, number, physical=True)
            if round < 0:
                continue
            run_to_selftest(run, "host_reads_what_was_seen")
            for index in range(1, bench.row.smp):
                if (word := stub.read_word(seen + 8 * index)) != number:
                    raise Failed(f"CPU {index} still finds another frame after the page was changed", got=f"0x{word:x}",
                                 expected=f"0x{number:x}, which stands in the new frame")

    seen = check_selftest(bench, "shootdown", argument=f"{SHOOTDOWN_ROUNDS:x}", look=look)
    if seen.get("cpus") != bench.row.smp:
        raise Failed("not every CPU took part", expected=f"cpus={bench.row.smp}", got=str(seen))


def test_one_frame_at_a_time(bench: Bench) -> None:
    """While a CPU has not forgotten a page's old frame, the page has no other."""
    def look(run: Run) -> None:
        entry = run_to_selftest(run, "host_looks_at_entry")[cpus.of(bench.settings.arch).first_argument]
        if word := run.gdb().read_word(entry):
            raise Failed("a page shows its new frame while another CPU still knows the old one", got=f"0x{word:x}",
                         expected="no entry until every CPU has forgotten the old frame")

    check_selftest(bench, "newframe", look=look)


def check_kernel_fault(bench: Bench, name: str, way: str) -> None:
    """The kernel does something forbidden to itself, and panics with the address that it announced."""
    with bench.boot(selftest=f"{name}:{bench.draw.below(name, 4096):x}", trap_log=True) as run:
        dump = panic_of(run)
        said = run.console.find(rf"selftest {name}: address 0x([0-9a-f]+)")
        if said is None or dump.address != int(said[1], 16) or way not in dump.headline:
            raise Failed(f"the report of selftest={name} does not tell what was done",
                         expected=f"{way} at {said[1] if said else 'the announced address'}", got=dump.headline)
        require_trap(run, dump.address)


def test_kernel_text_kept(bench: Bench) -> None:
    for name, way in (("textwrite", "write"), ("rodatawrite", "write"), ("aliaswrite", "write"),
                      ("dataexecute", "execute")):
        check_kernel_fault(bench, name, way)


def test_poison_named(bench: Bench) -> None:
    with bench.boot(selftest="usefreed") as run:
        panic_of(run)
        if not run.console.find(r" *0x9e9e9e9e9e9e9e9e and 0x6161616161616161 are what freed memory is filled with"):
            raise Failed("the report of a use after a free does not say so", expected="a line that names the two patterns",
                         got="no such line")


def test_double_free(bench: Bench) -> None:
    for name in ("doublefree", "badfree"):
        with bench.boot(selftest=name) as run:
            dump = panic_of(run)
            if "frame" not in dump.headline:
                raise Failed(f"the panic of selftest={name} does not name the frame", expected="frame 0x...",
                             got=dump.headline)
