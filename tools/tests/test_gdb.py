"""Sessions under gdb, as people have them: `make debug`, `make qemu-record`, `make qemu-replay`, `make gdb`.

Each session is one boot and one script; the tests look at what a part of the script printed. gdb waits for ever for a
breakpoint that is not reached, so every session has an end.
"""

from __future__ import annotations

import os
import re
import shutil
import signal
import subprocess
import time
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent.parent
SECONDS = 100.0     # of a session that takes three on an idle host
ARCHES = sorted(path.parent.name for path in ROOT.glob("kernel/arch/*/kernel.ld"))
# What differs in the scripts and in what they print. `number` is the register of a system call's number.
CPUS = {
    "riscv64": {"entry": "user_trap", "number": "user.x[17]", "behind": "thread.user.x[0] + 4", "mode": "$priv", "user_mode": 0,
                "result": "$a0", "pc": "pc", "number_name": "a7", "first_name": "a0", "write": 64, "getpid": 0xAC, "call": "jal"},
    "x86_64": {"entry": "system_call_entry", "number": "user.slots[arch::kRax]", "behind": "thread.user.slots[arch::kRip] + 2",
               "mode": "$cs & 3", "user_mode": 3, "result": "$rax", "pc": "rip", "number_name": "rax", "first_name": "rdi",
               "write": 1, "getpid": 0x27, "call": "call"},
}

for tool in ("gdb-multiarch", *(f"qemu-system-{arch}" for arch in ARCHES)):
    if shutil.which(tool) is None:
        pytest.skip(f"{tool} is not installed (tools/setup debug)", allow_module_level=True)


def start_make(*words: str, output: int = subprocess.PIPE) -> subprocess.Popen:
    environment = {name: value for name, value in os.environ.items() if not name.startswith(("MAKE", "MFLAGS"))}
    return subprocess.Popen(["make", "--no-print-directory", "SETUP=no", *words], cwd=ROOT, env=environment, text=True,
                            stdin=subprocess.DEVNULL, stdout=output, stderr=subprocess.STDOUT, start_new_session=True)


def end(process: subprocess.Popen) -> None:
    if process.poll() is None:
        os.killpg(process.pid, signal.SIGTERM)
        process.wait(20)


def make(*words: str) -> str:
    process = start_make(*words)
    try:
        said, _ = process.communicate(timeout=SECONDS)
    except subprocess.TimeoutExpired:
        end(process)
        pytest.fail(f"make {' '.join(words)} did not end; it said:\n{process.stdout.read()[-3000:]}")
    return said


def sections(said: str) -> dict[str, str]:
    """What stands between lines `=== name`."""
    parts = re.split(r"^=== (\w+)\n", said, flags=re.M)
    return dict(zip(parts[1::2], parts[2::2]))


def script(folder: Path, text: str) -> str:
    """GDB_FLAGS that run this script; `=== name` in it becomes a line of the output."""
    path = folder / "script.gdb"
    path.write_text(re.sub(r"^=== (\w+)$", r"echo === \1\\n", text, flags=re.M))
    return f"GDB_FLAGS=-nx -batch -ex 'set pagination off' -x {path}"


@pytest.fixture(scope="module", params=ARCHES)
def cpu(request) -> dict:
    return {"arch": request.param, **CPUS[request.param]}


@pytest.fixture(scope="module")
def hello(cpu, tmp_path_factory) -> dict[str, str]:
    """hello runs on one CPU without ticks, so that every trap is a system call."""
    said = make("debug", f"ARCH={cpu['arch']}", "PROG=hello", "ARGS=one two", "APPEND=tick=off", script(tmp_path_factory.mktemp("gdb"), f"""
tbreak main
continue
=== user_breakpoint
regs
bt
=== argv
print argc
print (char*) argv[2]
=== crossing
tbreak {cpu["entry"]}
continue
bt-user
stepi 40
harts
=== kernel_breakpoint
break entry::handle_system_call if {cpu["number"]} == {cpu["write"]}
continue
print {cpu["number"]}
bt
=== trapframe
trapframe
=== trapframe_by_expression
trapframe user
=== regs_user
regs user
=== bt_user
bt-user
=== printers
print user
frame function entry::run_user
print thread.name
print (arch::PhysAddr)0x80200000
=== back
tbreak *({cpu["behind"]})
continue
print {cpu["mode"]}
print {cpu["result"]}
=== end
kill
"""))
    found = sections(said)
    assert "end" in found, said[-3000:]
    return found


def test_a_user_breakpoint_by_symbol_is_reached(cpu, hello):
    assert re.search(r"which is in user mode", hello["user_breakpoint"])
    assert re.search(rf"^ +{cpu['pc']} 0x\w+  main\+0x", hello["user_breakpoint"], re.M)
    assert re.search(r"^#0 +main \(argc=3, argv=0x\w+\) at user/(bin/hello\.c|arch/x86_64/system_call\.h)", hello["user_breakpoint"], re.M)


def test_the_program_s_memory_can_be_read_in_user_mode(hello):
    assert "= 3\n" in hello["argv"] and '"two"' in hello["argv"]


def test_one_can_step_across_the_trap_from_user_to_kernel(cpu, hello):
    crossing = hello["crossing"]
    assert f"{cpu['entry']} ()" in crossing and "the trap has just come" in crossing
    assert re.search(r"#\d+ +0x\w+ main\+0x", crossing)
    assert re.search(r"^\* +0 .*/hello +kernel +0x\w+ user_trap\+0x[1-9a-f]", crossing, re.M)


def test_a_kernel_breakpoint_shows_the_call_s_arguments(cpu, hello):
    text = hello["kernel_breakpoint"]
    assert "entry::handle_system_call (table=" in text
    assert f"= {cpu['write']}\n" in text
    assert re.search(r"in entry::run_user \(thread=", text) and "begin_thread ()" in text


@pytest.mark.parametrize("part", ["trapframe", "trapframe_by_expression"])
def test_trapframe_shows_the_number_of_the_call(cpu, hello, part):
    assert re.search(rf"^ +{cpu['number_name']} 0x{cpu['write']:016x}$", hello[part], re.M)
    assert re.search(rf"^ +{cpu['first_name']} 0x0{{15}}1$", hello[part], re.M)
    assert f"its number is {cpu['number_name']} = {cpu['write']}\n" in hello[part]
    assert "from user mode, interrupts on" in hello[part]


def test_regs_user_shows_the_program_s_registers_in_the_kernel(cpu, hello):
    assert "in its UserContext" in hello["regs_user"]
    assert re.search(rf"^ +{cpu['pc']} 0x\w+  print\+0x", hello["regs_user"], re.M)


def test_bt_user_names_who_called_whom_in_the_program(hello):
    names = re.findall(r"^#\d+ +0x\w+ (\w+)\+0x", hello["bt_user"], re.M)
    assert names == ["print", "main", "start_program", "_start"]
    assert "sys_write, inlined into" in hello["bt_user"] and re.search(r"main\+0x\w+ \(user/", hello["bt_user"])


def test_printers_show_the_kernel_s_types(cpu, hello):
    text = hello["printers"]
    assert f"registers of a program = {{{cpu['pc']} = 0x" in text and f"{cpu['number_name']} = {cpu['write']:#x}" in text
    assert '= "/hello"' in text
    assert "physical 0x80200000" in text


def test_the_kernel_goes_back_to_the_program(cpu, hello):
    assert "prv:0 [User/Application]" in hello["back"] or re.search(rf"\$\d+ = {cpu['user_mode']}\n", hello["back"])


def test_harts_shows_four(cpu, tmp_path):
    said = make("debug", f"ARCH={cpu['arch']}", "PROG=hello", "SMP=4", script(tmp_path, """
break entry::handle_system_call
continue
=== harts
harts
=== end
kill
"""))
    lines = re.findall(r"^[ *] +(\d) +(\d+) +(\d+) +\d+ +\d+ +(\S+) +(\w+) +0x\w+ (.*)$", sections(said).get("harts", ""), re.M)
    assert sorted(line[0] for line in lines) == ["0", "1", "2", "3"], said[-3000:]
    assert [line[3] for line in lines].count("/hello") == 1
    assert all("idle" in line[5] for line in lines if line[3] == "-")


def test_a_panic_is_named_by_gdb_and_by_the_kernel_alike(cpu, tmp_path):
    said = make("debug", f"ARCH={cpu['arch']}", "PROG=hello", "APPEND=selftest=panic:2d", script(tmp_path, """
break lib::panic_at
continue
=== gdb
bt
=== kernel
delete
continue
"""))
    found = sections(said)
    chain = r"(panic_(?:left|right))"
    by_gdb = re.findall(rf"in selftest::\(anonymous namespace\)::{chain}", found.get("gdb", ""))
    by_kernel = re.findall(rf"#\d+ 0x[0-9a-f]{{16}} .*{chain}\+0x", found.get("kernel", ""))
    assert by_gdb and by_gdb == by_kernel, said[-3000:]


@pytest.fixture(scope="module")
def replayed(cpu, tmp_path_factory) -> dict[str, str]:
    arch = f"ARCH={cpu['arch']}"
    stub = ROOT / f"build/{cpu['arch']}/debug/record/gdb.socket"
    recorded = make("qemu-record", arch, "PROG=hello")
    assert "exited with status 0" in recorded, recorded
    flags = script(tmp_path_factory.mktemp("gdb"), f"""
break entry::handle_system_call
continue
=== first
print/x {cpu["number"]}
continue
=== second
print/x {cpu["number"]}
print/x $pc
=== back_one
reverse-stepi
x/i $pc
=== forward_again
stepi
print/x $pc
=== back_to_breakpoint
reverse-continue
print/x {cpu["number"]}
=== start
reverse-continue
=== the_end
delete 2
continue
=== from_the_end
tbreak main
reverse-continue
=== end
kill
""")
    machine = start_make("qemu-replay", arch, output=subprocess.DEVNULL)
    try:
        late = time.monotonic() + SECONDS
        while not stub.exists() and time.monotonic() < late and machine.poll() is None:
            time.sleep(0.05)
        said = make("gdb", arch, flags)
    finally:
        end(machine)
    found = sections(said)
    assert "end" in found, said[-3000:]
    return found


def value(text: str) -> str:
    return re.findall(r"\$\d+ = (\S+)", text)[-1]


def test_a_replay_steps_back_by_an_instruction(cpu, replayed):
    assert re.search(rf"=> 0x\w+ <.*serve_system_call.*{cpu['call']}", replayed["back_one"])
    assert value(replayed["forward_again"]) == value(replayed["second"])


def test_a_replay_runs_back_to_the_breakpoint_before(cpu, replayed):
    first, second = value(replayed["first"]), re.findall(r"\$\d+ = (\S+)", replayed["second"])[0]
    assert (first, second) == (f"{cpu['getpid']:#x}", f"{cpu['write']:#x}")
    assert value(replayed["back_to_breakpoint"]) == first
    assert "this is where the recording starts" in replayed["start"]


def test_a_replay_runs_back_from_its_end(replayed):
    assert "arch::power_off" in replayed["the_end"]
    assert re.search(r"#0 +main \(argc=1", replayed["from_the_end"])


def test_trace_shows_calls_and_traps(cpu):
    said = make("qemu", f"ARCH={cpu['arch']}", "PROG=hello", "TRACE=syscall,trap")
    assert re.search(r"trace: write\(1, 0x\w+, \d+\) = \d+", said) and "trace: system call at pc 0x" in said


def test_kvm_runs_a_program_or_says_why_not(cpu):
    said = make("qemu", f"ARCH={cpu['arch']}", "PROG=hello", "ACCEL=kvm")
    assert "hello from /hello" in said
    if cpu["arch"] != os.uname().machine:
        assert "KVM cannot be used here: this host is" in said


@pytest.mark.parametrize("row,expected", [
    ("first_call", r"CAIRN done"),
    ("panic_backtrace", r"PANIC: asked for by selftest=panic"),
    ("four_harts", r"cairn: 4 CPUs"),
    ("decide_events", r"runs on this machine, not in QEMU"),
])
def test_a_row_is_booted_by_hand_as_it_is_graded(cpu, row, expected):
    said = make("qemu", f"ARCH={cpu['arch']}", f"T={row}", "SEED=7")
    assert re.search(expected, said), said[-2000:]


LISTS = r"""
#include "lib/list.h"
#include "lib/result.h"
#include "lib/text.h"
struct Stone { int before; ListNode link; int weight; };
Stone small{1, {}, 10}, large{2, {}, 20};
Result<int> five{5}, missing{Errno{ENOENT}};
Result<void> done;
Text name{"a \"cairn\"", 9};
void look() { asm volatile(""); }
int main() {
    List<Stone, &Stone::link> pile, none;
    pile.push_back(small);
    pile.push_back(large);
    look();
    while (pile.pop_front() != nullptr) {}
}
"""


def test_printers_show_lists_and_results(tmp_path):
    """On the host: lib is the same there, and no list stands still in a kernel of this step."""
    (tmp_path / "lists.cc").write_text(LISTS.replace("Text name", "lib::Text name"))
    built = subprocess.run(["g++", "-std=c++20", "-g", "-O0", "-I", ROOT / "kernel", "-o", tmp_path / "lists", tmp_path / "lists.cc",
                            *sorted((ROOT / "kernel/lib").glob("host_shim.cc")), ROOT / "kernel/lib/format.cc"],
                           capture_output=True, text=True, timeout=SECONDS, check=False)
    assert built.returncode == 0, built.stderr
    words = ["gdb-multiarch", "-nx", "-batch", "-iex", "set auto-load off", tmp_path / "lists", "-x", ROOT / "tools/gdb/cairn.py",
             "-ex", "break look", "-ex", "run", "-ex", "up"]
    for expression in ("pile", "none", "five", "missing", "done", "name"):
        words += ["-ex", f"print {expression}"]
    said = subprocess.run(words, capture_output=True, text=True, timeout=SECONDS, check=False)
    if "ptrace" in said.stderr or "Cannot run" in said.stderr:
        pytest.skip(f"gdb may not run programs here: {said.stderr.strip()[-100:]}")
    assert re.search(r"list of 2 = \{.*before = 1, .*weight = 10\}, .*before = 2, .*weight = 20\}\}", said.stdout), said.stdout + said.stderr
    for line in ("list of 0", "ok: = {value = 5}", "error ENOENT", "= ok", r'"a \"cairn\""'):
        assert line in said.stdout, said.stdout
