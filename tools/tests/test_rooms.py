"""The grammar of rooms, and how their text is replaced."""

import pytest

from labkit.errors import LabError
from labkit.rooms import apply_edit, find_rooms, is_open, replace_rooms

TEXT = """\
int before;
// ROOM traps.1 begin: backtrace
int backtrace() {
  return 1;
}
// ROOM traps.1 end
int after;
// ROOM traps.2 begin: decode
int decode() { return 2; }
// ROOM traps.2 end
"""


def test_finds_rooms_with_title_and_text():
    rooms = find_rooms(TEXT, "file.cc")
    assert list(rooms) == ["traps.1", "traps.2"]
    assert rooms["traps.1"].title == "backtrace"
    assert rooms["traps.2"].text == "int decode() { return 2; }\n"


def test_replacing_changes_the_lines_between_the_markers_only():
    text = replace_rooms(TEXT, "file.cc", {"traps.1": "\nlong backtrace();", "traps.2": ""})
    assert text == TEXT.replace("int backtrace() {\n  return 1;\n}\n", "long backtrace();\n").replace(
        "int decode() { return 2; }\n", "")


@pytest.mark.parametrize("old, new, message", [
    ("// ROOM traps.1 end\n", "", "nested marker: room traps.2 begins inside room traps.1"),
    ("// ROOM traps.2 end\n", "", "missing marker: room traps.2 has no end"),
    ("// ROOM traps.1 begin: backtrace\n", "", "missing marker: room traps.1 ends but has not begun"),
    ("traps.2", "traps.1", "doubled marker: room traps.1 begins a second time"),
    ("// ROOM traps.1 begin: backtrace", "  // ROOM traps.1 begin: backtrace", "malformed marker of room traps.1"),
    ("begin: decode", "begin", "malformed marker of room traps.2"),
    ("traps.2 end", "traps.2 end here", "malformed marker of room traps.2"),
])
def test_each_broken_marker_is_named(old, new, message):
    with pytest.raises(LabError) as error:
        find_rooms(TEXT.replace(old, new), "file.cc")
    assert message in error.value.text()
    assert "file.cc:" in error.value.text()


def test_all_broken_markers_are_told_at_once():
    with pytest.raises(LabError) as error:
        find_rooms(TEXT.replace("// ROOM traps.2 end\n", "").replace("// ROOM traps.1 begin", "//ROOM traps.1 begin"), "f.cc")
    assert "traps.1" in error.value.text() and "traps.2" in error.value.text()


def test_replacing_a_room_that_is_not_there_is_an_error():
    with pytest.raises(LabError, match="missing marker: room traps.3"):
        replace_rooms(TEXT, "file.cc", {"traps.3": "x"})


@pytest.mark.parametrize("text, expected", [
    ('  return todo("traps.4", number);', True), ('  return lib::todo("traps.4");', True), ("  TODO_ROOM traps.4", True),
    ('  // return todo("traps.4");', False), ('  return todo("traps.40");', False), ("  TODO_ROOM traps.41", False),
])
def test_a_room_is_open_while_its_code_stops_at_todo(text, expected):
    assert is_open("traps.4", text) is expected


def test_an_edit_must_find_its_passage_once():
    assert apply_edit("a b c", "b", "x", "f") == "a x c"
    for passage in ("q", " "):
        with pytest.raises(LabError, match="occurs"):
            apply_edit("a b c", passage, "x", "f")
