"""gdb's commands on threads and processes, `ps` and `runqueue`: one session with three processes in a pipeline, without ticks."""

from __future__ import annotations

import re

import pytest
from test_gdb import ARCHES, ROOT, make, script, sections

if not (ROOT / "user/tests/processes/pipeline.cc").exists():
    pytest.skip("this tree has no processes", allow_module_level=True)

SCRIPT = """
=== early
python
try:
    gdb.execute("ps")
except gdb.error as error:
    print(error)
end
break task::exit_process
continue
continue
=== second
ps
runqueue
=== end
kill
"""


@pytest.fixture(scope="module", params=ARCHES)
def pipeline(request, tmp_path_factory) -> dict[str, str]:
    said = make("debug", f"ARCH={request.param}", "PROG=pipeline", "APPEND=tick=off", script(tmp_path_factory.mktemp("gdb"), SCRIPT))
    found = sections(said)
    assert "end" in found, said[-3000:]
    return found


def processes(text: str) -> list[tuple[int, str, str, str]]:
    """pid, parent, state and the rest."""
    return [(int(pid), parent, state, rest) for pid, parent, state, rest in
            re.findall(r"^ +(\d+) +(\d+|-) +1 +1  (\w+) +(?:\d+|-)  (.*)$", text, re.M)]


def test_ps_shows_who_is_whose_child(pipeline):
    assert [(pid, parent) for pid, parent, _, _ in processes(pipeline["second"])] == [(1, "-"), (2, "1"), (3, "1"), (4, "1")]


def test_ps_says_in_which_function_somebody_sleeps(pipeline):
    found = processes(pipeline["second"])
    assert found[0][2:] == ("sleeps", "/pipeline in task::wait_for_child")
    assert found[3][2:] == ("sleeps", "/pipeline in fs::Pipe::wait_for_bytes")


def test_ps_shows_a_zombie_and_its_status(pipeline):
    assert processes(pipeline["second"])[1][2:] == ("zombie", "status 0x0")


def test_runqueue_shows_who_runs_and_who_waits(pipeline):
    found = processes(pipeline["second"])
    for says, state in (("runs", "runs"), ("waits", "ready")):
        pids = re.findall(rf"^  {says} +(\d+) /pipeline +nice   0  virtual \d+ ns$", pipeline["second"], re.M)
        assert sorted(int(pid) for pid in pids) == [pid for pid, _, is_in, _ in found if is_in == state]


def test_ps_works_before_there_is_anybody(pipeline):
    assert "Traceback" not in pipeline["early"]
