"""What a hand-out offers: next, handin, update, and a start of one's own."""

import tarfile

import pytest


@pytest.fixture
def repo(toy, labs, tmp_path):
    assert labs("cut", "--root", toy, "--repo", "--through", "count", tmp_path / "r")[0] == 0
    return tmp_path / "r"


@pytest.fixture
def work(repo, git, tmp_path):
    git(tmp_path, "clone", "-q", repo, tmp_path / "work")
    return tmp_path / "work"


def fill(work, room="count.1", text="left + right"):
    path = work / "kernel/count/count.cc"
    old = f'todo("{room}", left, right)'
    assert old in path.read_text()
    path.write_text(path.read_text().replace(old, text))


def test_next_names_the_room_its_rows_and_the_reading(work, labs):
    status, told, _ = labs("next", cwd=work)
    assert status == 0
    for part in ("room count.1, part A: add two numbers", "kernel/count/count.cc:9", "turns green: adds (2 points)",
                 "read: kernel/count/count.h", "2 of 2 rooms are open", "make grade LAB=count T=adds"):
        assert part in told
    fill(work)
    assert "room count.2" in labs("next", cwd=work)[1]
    fill(work, "count.2", "left * right")
    assert "every room is filled\nnext: make grade" in labs("next", cwd=work)[1]


def test_next_tells_of_a_filled_room_that_fails(work, labs, score):
    fill(work, text="left - right")
    score(work, "count")
    told = labs("next", cwd=work)[1]
    assert "row adds was not green" in told and "next: make why LAB=count T=adds" in told


def test_handin_refuses_a_dirty_tree_and_packs_a_clean_one(work, labs, git):
    fill(work)
    (work / ".gitignore").write_text("build/\n")
    status, _, error = labs("handin", cwd=work)
    assert status == 2 and "not clean" in error and "kernel/count/count.cc" in error
    git(work, "add", "-A")
    git(work, "commit", "-qm", "add two numbers")
    status, told, error = labs("handin", "--part", "A", cwd=work)
    assert status == 0, error
    assert "changed  kernel/count/count.cc" in told and "new      .gitignore" in told
    assert "holds no answers yet" in told and "local score: 3 of 6" in told and "tagged handin/count-A" in told
    package = next((work / "build/handin").glob("*.tar.gz"))
    with tarfile.open(package) as archive:
        assert set(archive.getnames()) == {"history.bundle", "handin.json", "results.json", "answers.md"}
        (work.parent / "history.bundle").write_bytes(archive.extractfile("history.bundle").read())
    git(work.parent, "clone", "-q", work.parent / "history.bundle", work.parent / "again")
    assert "left + right" in (work.parent / "again/kernel/count/count.cc").read_text()


def test_update_takes_fixes_and_the_next_lab(toy, repo, work, labs, git, score):
    fill(work)
    git(work, "commit", "-qam", "add two numbers")
    assert "nothing new" in labs("update", cwd=work)[1]
    (toy / "kernel/lib/todo.h").write_text((toy / "kernel/lib/todo.h").read_text() + "// fixed\n")
    labs("cut", "--root", toy, "--update", "--through", "stack", repo)
    status, told, error = labs("update", cwd=work)
    assert status == 0 and "kernel/lib/todo.h" in told, error
    status, told, error = labs("update", "--lab", "stack", cwd=work)
    assert status == 0 and "next: make next" in told, error
    assert "left + right" in (work / "kernel/count/count.cc").read_text()
    assert score(work, "count")["adds"] == 2
    assert labs("update", "--lab", "queue", cwd=work)[0] == 2


def test_where_labs_start_afresh_the_next_one_does_not_conflict(toy, labs, git, score, tmp_path):
    """The next lab's branch holds the reference of this one: a merge with one's own rooms could only conflict."""
    repo, work = tmp_path / "labs", tmp_path / "afresh"
    labs("cut", "--root", toy, "--repo", "--through", "count", "--family", "lab", repo)
    git(tmp_path, "clone", "-q", repo, work)
    fill(work, text="left - -right")
    git(work, "commit", "-qam", "add two numbers")
    (toy / "kernel/lib/todo.h").write_text((toy / "kernel/lib/todo.h").read_text() + "// fixed\n")
    assert labs("cut", "--root", toy, "--update", "--through", "stack", repo)[0] == 0
    status, told, error = labs("update", cwd=work)
    assert status == 0 and "kernel/lib/todo.h" in told, error
    mine = git(work, "branch", "--show-current").strip()
    status, told, error = labs("update", "--lab", "stack", cwd=work)
    assert status == 0 and f"your work so far is on branch {mine}" in told and "next: make next" in told, error
    assert git(work, "branch", "--show-current").strip() == "work-stack" and git(work, "status", "--porcelain") == ""
    assert "left - -right" not in (work / "kernel/count/count.cc").read_text()
    assert "left - -right" in git(work, "show", f"{mine}:kernel/count/count.cc")
    assert score(work, "count")["adds"] == 2
    git(work, "switch", "-q", mine)
    status, told, error = labs("update", "--lab", "stack", cwd=work)
    assert status == 0 and "begun already" in told, error


def test_update_refuses_a_dirty_tree(work, labs):
    fill(work)
    status, _, error = labs("update", cwd=work)
    assert status == 2 and "not clean" in error


def test_a_start_of_ones_own(toy, labs, git, tmp_path):
    status, told, error = labs("start", "--root", toy, "stack", tmp_path / "mine")
    assert status == 0, error
    assert f"next: cd {tmp_path / 'mine'} && make next" in told
    assert git(tmp_path / "mine", "branch", "--show-current").strip() == "work"
    assert git(tmp_path / "mine", "status", "--porcelain") == ""
    assert "room stack.1" in labs("next", cwd=tmp_path / "mine")[1]
    (toy / "kernel/lib/todo.h").write_text((toy / "kernel/lib/todo.h").read_text() + "// fixed\n")
    assert labs("cut", "--root", toy, "--update", tmp_path / "mine")[0] == 0
    assert "kernel/lib/todo.h" in labs("update", cwd=tmp_path / "mine")[1]


def test_the_source_tree_is_no_hand_out(toy, labs):
    status, _, error = labs("next", cwd=toy)
    assert status == 2 and "this is not a hand-out" in error and "make start" in error
