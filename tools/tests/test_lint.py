"""Each rule of `make lint` against a small tree: it is silent on sound code and finds one planted violation."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
from lintkit import abi, code, hygiene, prose  # noqa: E402
from lintkit.sources import Missing, Source, Tree  # noqa: E402

FLOORS = (Path(__file__).resolve().parent.parent / "floors.txt").read_text()
OPEN = "// A file of the fixture, for the lint's own tests.\n"

SOUND = {
    "tools/floors.txt": FLOORS,
    "kernel/lib/list.h": OPEN + "#pragma once\nint length_of(int list);\n",
    "kernel/arch/cpu.h": OPEN + '#pragma once\n#include "port/cpu.h"\n',
    "kernel/arch/riscv64/port/cpu.h": OPEN + "#pragma once\n#ifdef __riscv\nint hart();\n#endif\n",
    "kernel/sync/lock.h": OPEN + '#pragma once\n#include "arch/cpu.h"\n#include "lib/list.h"\n',
    "kernel/task/door.h": OPEN + '#pragma once\n#include "lib/list.h"\nnamespace task {\nvoid on_exit(int status);\n}  // namespace task\n',
    "kernel/task/thread.cc": OPEN + '#include "sync/lock.h"\n',
    "kernel/entry/dispatch.cc": OPEN + '#include <stdint.h>\n#include "task/door.h"\n\nnamespace entry {\n\n'
    "// ROOM traps.4 begin: find the call's number\nint dispatch(int number) {\n    return number + 1;\n}\n// ROOM traps.4 end\n\n"
    "void leave() { task::on_exit(1); }\n\n}  // namespace entry\n",
    "user/tests/traps/first.cc": OPEN + "int main() {\n    return 0;\n}\n",
    "docs/index.md": "# The book\n\n## First steps\n\nSee `kernel/entry/dispatch.cc#dispatch`, `kernel/entry/dispatch.cc#traps.4`, `kernel/task/`,\n"
    "[this page](#first-steps) and [the map](map.md#floor-by-floor).\n\n![The floors of the kernel](pictures/floors.svg)\n\n"
    "<!-- code: kernel/entry/dispatch.cc#dispatch -->\n",
    "docs/map.md": "# The map\n\n## Floor by floor\n",
    "docs/pictures/floors.dot": "digraph { a -> b }\n",
    "tools/thing.py": '"""A tool of the fixture."""\n\nimport sys\n\nprint(sys.argv)\n',
    "tools/thing.sh": "#!/bin/sh\necho hello\n",
    "Makefile": "# The front door of the fixture.\nall:\n\t@$(MAKE) help\n",
}


def tree_of(tmp_path: Path, files: dict[str, str]) -> Tree:
    for path, text in files.items():
        target = tmp_path / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(text, newline="")
    return Tree(tmp_path)


def said_by(rule, tree: Tree) -> list[str]:
    return [str(problem) for problem in rule(tree)]


RULES = [rule for rule in code.RULES + prose.RULES + hygiene.RULES if rule is not hygiene.owners_rule]


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.__name__)
def test_is_silent_on_sound_code(rule, tmp_path: Path) -> None:
    assert said_by(rule, tree_of(tmp_path, SOUND)) == []


DISPATCH = SOUND["kernel/entry/dispatch.cc"]

PLANTED = [
    ("an include that points up", code.floors_rule, "kernel/sync/lock.h", OPEN + '#include "task/door.h"\n#include "task/thread.h"\n',
     {"kernel/task/thread.h": OPEN + "#pragma once\n"}, "kernel/sync/lock.h:3: includes upwards: this file stands on floor sync, task/thread.h on task"),
    ("an include that names nothing", code.floors_rule, "kernel/task/thread.cc", OPEN + '#include "sync/gone.h"\n', {}, "names no file"),
    ("a folder without a floor", code.floors_rule, "kernel/cellar/rat.cc", OPEN, {}, "stands on no floor"),
    ("a door that includes more than it may", code.floors_rule, "kernel/task/door.h", OPEN + '#include "core/thread.h"\n',
     {"kernel/core/thread.h": OPEN}, "a door includes only lib, abi and sync"),
    ("a stand-in counts where it will lie", code.floors_rule, "labs/02-paging/before/kernel/mm/window.cc", OPEN + '#include "entry/loop.h"\n',
     {"kernel/entry/loop.h": OPEN}, "floor mm, entry/loop.h on entry"),
    ("so does one for the trees with a lab", code.floors_rule, "labs/05-execve/before-processes/kernel/mm/window.cc",
     OPEN + '#include "entry/loop.h"\n', {"kernel/entry/loop.h": OPEN}, "floor mm, entry/loop.h on entry"),
    ("#if on the CPU", code.cpu_place_rule, "kernel/task/thread.cc", OPEN + "#if defined(__riscv)\n#endif\n", {}, ":2: asks which CPU"),
    ("a port's header outside", code.cpu_place_rule, "kernel/task/thread.cc", OPEN + '#include "port/cpu.h"\n', {}, "a port's own header"),
    ("a heavy header", code.dear_headers_rule, "kernel/lib/list.h", OPEN + "#pragma once\n#include <algorithm>\n", {}, "<algorithm>"),
    ("no include guard", code.guard_rule, "kernel/lib/list.h", OPEN, {}, "lacks #pragma once"),
    ("a file that does not say what it is", code.opening_rule, "kernel/task/thread.cc", "int x;\n", {}, ":1: does not open"),
    ("a long function", code.sizes_rule, "kernel/task/thread.cc", OPEN + "void f() {\n" + "    g();\n" * 120 + "}\n", {}, "f has 122 lines"),
    ("a long file", code.sizes_rule, "kernel/task/thread.cc", OPEN + "int x;\n" * 700, {}, "has 701 lines"),
    ("deep nesting", code.sizes_rule, "kernel/task/thread.cc", OPEN + "void f() {" + "if (x) {" * 7 + "}" * 7 + "}\n", {}, "f nests 7 deep"),
    ("a port that outgrows its reader", code.port_size_rule, "kernel/arch/riscv64/cpu.cc", OPEN + "int x;\n" * 3000, {}, "kernel/arch/riscv64/:1: is a port of"),
    ("a wide line", code.columns_rule, "kernel/task/thread.cc", OPEN + "// " + "x" * 110 + "\n", {}, ":2: is 113 columns wide"),
    ("something left for later", code.unfinished_rule, "kernel/task/thread.cc", OPEN + "// TO" + "DO: think\n", {}, ":2: TO" + "DO"),
    ("a room that is not closed", code.room_markers_rule, "kernel/entry/dispatch.cc", DISPATCH.replace("// ROOM traps.4 end\n", ""), {}, "room traps.4 is never closed"),
    ("a room within a room", code.room_markers_rule, "kernel/entry/dispatch.cc",
     DISPATCH.replace("    return", "// ROOM traps.5 begin: x y\n    return"), {}, "room traps.5 begins inside room traps.4"),
    ("a room that stands twice", code.room_markers_rule, "kernel/entry/other.cc", DISPATCH, {}, "room traps.4 stands in kernel/entry/dispatch.cc too"),
    ("a room without a sentence", code.room_markers_rule, "kernel/entry/dispatch.cc", DISPATCH.replace(": find the call's number", ""), {}, "say what room traps.4 is for"),
    ("a marker that is almost one", code.room_markers_rule, "kernel/entry/dispatch.cc", DISPATCH.replace("traps.4 end", "traps.4 ends"), {}, "almost a room marker"),
    ("a door called in a room", code.room_inside_rule, "kernel/entry/dispatch.cc",
     DISPATCH.replace("    return", "    task::on_exit(2);\n    return"), {}, "room traps.4 calls task::on_exit of the door"),
    ("a template in a room", code.room_inside_rule, "kernel/entry/dispatch.cc",
     DISPATCH.replace("int dispatch", "template <typename T> int dispatch"), {}, "room traps.4 uses a template"),
    ("a large room", code.room_inside_rule, "kernel/entry/dispatch.cc",
     DISPATCH.replace("    return", "    g();\n" * 60 + "    return"), {}, "room traps.4 has 63 lines"),
    ("a wide closed door", code.before_rule, "labs/03-processes/before/kernel/task/door.h", OPEN + "int f();\n" * 70, {}, "closed door of 71 lines"),
    ("a large stand-in", code.before_rule, "labs/02-paging/before/kernel/mm/x.cc", OPEN + "int f();\n" * 320, {}, "stand-in of 320 lines"),
    ("a cited file that is gone", prose.citations_rule, "docs/map.md", "See `kernel/gone.cc`.\n", {}, ":1: cites code that is not there: there is no file kernel/gone.cc"),
    ("a cited name that is gone", prose.citations_rule, "docs/map.md", "\nSee `kernel/entry/dispatch.cc#gone`.\n", {}, ":2: cites code that is not there: kernel/entry/dispatch.cc does not define gone"),
    ("a name that only a comment has", prose.citations_rule, "docs/map.md", "`kernel/entry/dispatch.cc#fixture`\n", {}, "does not define fixture"),
    ("an excerpt that is gone", prose.citations_rule, "docs/map.md", "<!-- code: kernel/entry/dispatch.cc#gone -->\n", {}, "does not define gone"),
    ("reading that is gone", prose.reading_rule, "labs/01-traps/lab.toml", '[[rooms]]\nid = "traps.1"\nread = ["kernel/gone.h (struct X)"]\n',
     {}, "labs/01-traps/lab.toml:3: room traps.1 gives to read what is not there: there is no file kernel/gone.h"),
    ("a command that is gone", prose.commands_rule, "docs/map.md", "Type `make SEED=1 gone LAB=x`.\n\n```\nmake all\nmake lost\n```\n", {},
     "docs/map.md:5: says `make lost`"),
    ("a tool that is gone", prose.commands_rule, "docs/map.md", "`tools/gone.py cut`\n", {}, "says to run tools/gone.py"),
    ("a dead link", prose.links_rule, "docs/map.md", "[x](gone.md)\n", {}, ":1: links to gone.md"),
    ("a dead heading", prose.links_rule, "docs/map.md", "[x](index.md#gone)\n", {}, "links to the heading #gone"),
    ("a picture without a source", prose.links_rule, "docs/map.md", "![three good words](pictures/gone.svg)\n", {}, "neither that nor docs/pictures/gone.dot"),
    ("a picture without a text", prose.pictures_rule, "docs/map.md", "![](pictures/floors.svg)\n", {}, "needs a sentence"),
    ("a picture that no page shows", prose.pictures_rule, "docs/pictures/lost.dot", "digraph {}\n", {}, "no page shows"),
    ("CR LF", hygiene.plain_text_rule, "Makefile", "# The front door.\r\n", {}, ":1: has CR LF"),
    ("blanks at a line's end", hygiene.plain_text_rule, "Makefile", "# The door.\nx: \n", {}, ":2: has blanks"),
    ("no newline at the end", hygiene.plain_text_rule, "Makefile", "# The front door.", {}, "lacks the newline"),
    ("a space in a name", hygiene.spelling_of_paths_rule, "docs/a page.md", "x\n", {}, "docs/a page.md"),
    ("an unused import", hygiene.python_rule, "tools/thing.py", '"""A tool."""\nimport os\n', {}, ":2: imports os and does not use it"),
    ("Python that does not parse", hygiene.python_rule, "tools/thing.py", '"""A tool."""\nif\n', {}, ":2: does not parse"),
    ("a makefile that calls make", hygiene.makefile_rule, "Makefile", "# The front door.\nall:\n\tmake help\n", {}, ":3: calls plain make"),
]


@pytest.mark.parametrize("rule,path,text,more,expected", [row[1:] for row in PLANTED], ids=[row[0] for row in PLANTED])
def test_finds_what_was_planted(rule, path: str, text: str, more: dict[str, str], expected: str, tmp_path: Path) -> None:
    said = said_by(rule, tree_of(tmp_path, SOUND | more | {path: text}))
    assert len(said) >= 1, f"{rule.__name__} said nothing about {path}"
    assert expected in "\n".join(said)


def test_clang_format_finds_wrong_layout(tmp_path: Path) -> None:
    bad = {".clang-format": "BasedOnStyle: Google\n", "kernel/task/thread.cc": OPEN + "int   f( ){return 1;}\n"}
    tree = tree_of(tmp_path, SOUND | bad)
    try:
        said = said_by(hygiene.format_rule, tree)
    except Missing as missing:
        pytest.skip(str(missing))
    assert [line for line in said if line.startswith("kernel/task/thread.cc:2:")]


def test_another_clang_format_is_skipped(tmp_path: Path, monkeypatch) -> None:
    tree = tree_of(tmp_path, SOUND | {".clang-format": "BasedOnStyle: Google\n"})
    tool = tmp_path / "bin/clang-format"
    tool.parent.mkdir()
    tool.write_text("#!/bin/sh\necho Debian clang-format version 19.1.7\n")
    tool.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tool.parent}:/usr/bin:/bin")
    with pytest.raises(Missing, match="version 19"):
        said_by(hygiene.format_rule, tree)


@pytest.mark.parametrize("included,said", [("linux/resource.h", True), ("linux/time.h", False)])
def test_a_constant_wants_its_header_by_name(included: str, said: bool, tmp_path: Path) -> None:
    test = OPEN + f"#include <{included}>\nint main() {{\n    return CLOCK_PROCESS_CPUTIME_ID;\n}}\n"
    tree = tree_of(tmp_path, SOUND | {"user/tests/processes/clocks.cc": test})
    try:
        found = said_by(abi.abi_headers_rule, tree)
    except Missing as missing:
        pytest.skip(str(missing))
    assert bool([line for line in found if "CLOCK_PROCESS_CPUTIME_ID" in line]) == said


def test_shellcheck_finds_a_mistake(tmp_path: Path) -> None:
    tree = tree_of(tmp_path, SOUND | {"tools/thing.sh": "#!/bin/sh\ncd $1\n"})
    try:
        said = said_by(hygiene.shell_rule, tree)
    except Missing as missing:
        pytest.skip(str(missing))
    assert said and said[0].startswith("tools/thing.sh:2:")


def functions_of(text: str, tmp_path: Path) -> list[tuple[str, int, int]]:
    (tmp_path / "x.cc").write_text(text)
    return [(function.name, function.first, function.last) for function in Source(tmp_path, "x.cc").functions]


def test_functions_are_found_where_they_stand(tmp_path: Path) -> None:
    text = """namespace a {
struct CAPABILITY("lock") Lock {
    Lock() : owner_{0}, name_("}") {}
    int owner() const { return owner_; }
    int owner_ = {};
};
int table[] = {1, 2};

template <typename T>
int first(T (&list)[2]) {
    for (int i : list) {
        if (i) return i;
    }
    return 200'000;
}

SYSCALL(write, Fd fd, UserBuffer buffer) {
    return 0;
}
}  // namespace a { no brace
"""
    assert functions_of(text, tmp_path) == [("Lock", 3, 3), ("owner", 4, 4), ("first", 9, 15), ("write", 17, 19)]


def test_an_excerpt_is_the_function_with_its_contract(tmp_path: Path) -> None:
    tree = tree_of(tmp_path, {"kernel/a.cc": "int x;\n\n// Says one.\n// Never fails.\nint one() {\n    return 1;\n}\n\nstruct Pair {\n    int a;\n    int b;\n};\n"})
    source = tree.sources["kernel/a.cc"]
    assert prose.excerpt(source, "one") == ["// Says one.", "// Never fails.", "int one() {", "    return 1;", "}"]
    assert prose.excerpt(source, "Pair") == ["struct Pair {", "    int a;", "    int b;", "};"]
    assert prose.excerpt(source, "gone") == []


def test_the_floor_of_syscalls_cc_is_the_top() -> None:
    floors = code.Floors(FLOORS)
    assert floors.of("kernel/time/syscalls.cc").name == "top"
    assert floors.of("kernel/arch/riscv64/port/cpu.h").name == "arch"
    assert floors.of("kernel/arch/riscv64/cpu.cc").name == "core"
    assert floors.of("kernel/main.cc").name == "main"
