"""What rows of several labs ask of memory: what a program saw of it, what the page tables lead to, and what a
self-test of the kernel counted.
"""
from __future__ import annotations

from collections.abc import Callable

from . import cpus
from .bench import Bench, Run, judge
from .page_walk import PAGE, Format, Leaf, PageTables
from .selftests import numbers_in, run_to_selftest, selftest_seed
from .verdicts import Failed


def values_of(bench: Bench, memory: str = "") -> list[int]:
    """The numbers that the row's program reports, having passed all its checks."""
    with bench.boot(memory=memory) as run:
        run.wait()
        judge(run)
        return run.values_in_order()


def require_same_memory(before: int, after: int) -> None:
    if before != after:
        what = f"{before - after:,} bytes lost" if before > after else f"{after - before:,} bytes too many"
        raise Failed("after it is done, another amount of memory is free than before",
                     expected=f"{before:,} bytes free", got=f"{after:,}: {what} ({abs(before - after) / PAGE:g} pages)")


# ---- page tables, walked from outside ----------------------------------------------------------------

def form_of(run: Run) -> Format:
    return cpus.of(run.bench.settings.arch).page_tables


def tables_of(run: Run) -> PageTables:
    """Those that the CPU translates by now."""
    return read_tables(run, form_of(run).root(run.machine.registers()[0]))


def read_tables(run: Run, root: int) -> PageTables:
    try:
        return PageTables(form_of(run), run.gdb(), root)
    except ValueError as error:
        raise Failed("the page tables are not sound", expected="tables that lead to pages", got=str(error)) from error


def word_in(run: Run, leaf: Leaf, offset: int) -> int:
    return run.gdb().read_word(leaf.frame + offset, physical=True)


def require_word(run: Run, leaf: Leaf | None, address: int, wanted: int, what: str) -> None:
    got = None if leaf is None else word_in(run, leaf, address % PAGE)
    if got != wanted:
        raise Failed(f"{what} at 0x{address:x} is not what the program sees there", expected=f"0x{wanted:x}",
                     got="no page" if got is None else f"0x{got:x}")


# ---- self-tests of the kernel ------------------------------------------------------------------------

def check_selftest(bench: Bench, name: str, *, smp: int | None = None, argument: str = "",
                   look: Callable[[Run], None] | None = None) -> dict[str, int]:
    """`name=number` pairs of the line by which a self-test ends; all of `wrong` and `lost` are nothing.
    `look` is given the machine before it runs, under gdb."""
    argument = argument or f"{selftest_seed(bench):x}"
    with bench.boot(selftest=f"{name}:{argument}", smp=smp, gdb=look is not None) as run:
        if look:
            look(run)
            run.resume()
        run.wait()
        run.refuse_silence(0)
        said = run.console.find(rf"selftest {name}: (.*=.*)")
        numbers = numbers_in(said[1]) if said else {}
        for what in ("wrong", "lost", "stale"):
            if numbers.get(what, 0) != 0:
                raise Failed(f"the self-test {name} counted what is wrong", expected=f"{what}=0", got=said[1])
        run.require_status(0)
        if not said:
            raise Failed(f"the self-test {name} said nothing", expected=f"a line `selftest {name}: ...`", got="none")
        return numbers


CLONE_PAGES, CLONE_PLACE = 64, 0x400000     # kernel/selftest/paging.cc


def check_copied_pages(bench: Bench) -> None:
    """Of 64 pages 22 are written to by the copy and 21 by the original: so many frames are needed, and tables. The host
    walks both tables: each side has its own words, in frames of its own where either has written."""
    def look(run: Run) -> None:
        seed, mask = selftest_seed(bench), (1 << 64) - 1
        original, copy = copied_pages(run), copied_pages(run)
        for page in range(CLONE_PAGES):
            address = CLONE_PLACE + page * PAGE
            require_word(run, original.get(address), address, (seed ^ page if page % 3 == 1 else seed + page) & mask, "the original")
            require_word(run, copy.get(address), address, (~seed + page if page % 3 == 0 else seed + page) & mask, "the copy")
            require_sharing(page, page % 3 == 2, original[address], copy[address])

    copied = check_selftest(bench, "clone", look=look).get("copied")
    wanted = sum(page % 3 != 2 for page in range(CLONE_PAGES))
    if copied != wanted:
        raise Failed("another number of pages was copied than was written to", expected=str(wanted), got=str(copied))


def copied_pages(run: Run) -> dict[int, Leaf]:
    """The pages of the next of the two spaces that the self-test shows."""
    run_to_selftest(run, "show_copied_pages")
    return tables_of(run).between(CLONE_PLACE, CLONE_PLACE + CLONE_PAGES * PAGE)


def require_sharing(page: int, is_shared: bool, original: Leaf, copy: Leaf) -> None:
    """Both sides show one frame, which neither may write to, just if nobody has written to the page."""
    if is_shared != (original.frame == copy.frame):
        raise Failed(f"page {page} {'was copied though nobody wrote to it' if is_shared else 'is one frame for both'}",
                     expected="one frame" if is_shared else "a frame for each",
                     got=f"frames 0x{original.frame:x} and 0x{copy.frame:x}")
    if is_shared and (original.may("w") or copy.may("w")):
        raise Failed(f"page {page} is shared, and can be written to", expected="no right to write on either side",
                     got=f"rights {original.rights} and {copy.rights}")
