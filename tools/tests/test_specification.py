"""The hand-outs print the rows as lab.toml states them."""

from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
HANDOUT = "# Lab\n\n<!-- rows begin -->\nold\n<!-- rows end -->\nmore\n"


def test_the_handouts_of_this_tree_print_their_rows(labs):
    status, told, error = labs("spec", "--root", ROOT)
    assert status == 0, told + error


def test_a_stale_table_is_found_and_written(toy, labs):
    for folder in sorted((toy / "labs").glob("[0-9]*")):
        (folder / "handout.md").write_text(HANDOUT)
    status, told, _ = labs("spec", "--root", toy)
    assert status == 1 and "spec --write" in told
    assert labs("spec", "--root", toy, "--write")[0] == 0
    assert labs("spec", "--root", toy)[0] == 0
    text = (sorted((toy / "labs").glob("[0-9]*"))[0] / "handout.md").read_text()
    assert text.endswith("more\n") and "| room | row | points |" in text and "old" not in text


def test_a_handout_without_the_markers_is_an_error(toy, labs):
    first = sorted((toy / "labs").glob("[0-9]*"))[0]
    (first / "handout.md").write_text("# Lab\n")
    status, _, error = labs("spec", "--root", toy)
    assert status == 2 and "rows begin" in error


def test_rows_of_provided_code_stand_in_the_appendix(toy, labs):
    for folder in sorted((toy / "labs").glob("[0-9]*")):
        (folder / "handout.md").write_text(HANDOUT + "<!-- given rows begin -->\n<!-- given rows end -->\n")
    table = toy / "labs/01-stack/lab.toml"
    table.write_text(table.read_text().replace('points = 1\ntheme = "robustness"', 'given = true\ntheme = "robustness"'))
    assert labs("spec", "--root", toy, "--write")[0] == 0
    before, after = (toy / "labs/01-stack/handout.md").read_text().split("more\n")
    assert "`pops`" in before and "`pops_empty`" not in before and "| `pops_empty` | An empty stack answers -1. |" in after
