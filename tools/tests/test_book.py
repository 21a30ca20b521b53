"""The book: what makes it hard to read, or in need of a server, is found; in a hand-out it builds as well."""

from __future__ import annotations

import importlib.util
import re
from pathlib import Path

import pytest

DOCS = Path(__file__).resolve().parent.parent.parent / "docs"


def module_of(name: str):
    spec = importlib.util.spec_from_file_location(name, DOCS / f"{name}.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="module")
def check():
    return module_of("check_site")


def test_a_quotation_of_a_later_step_is_told_in_a_hand_out_and_wrong_elsewhere(tmp_path: Path, monkeypatch) -> None:
    hooks = module_of("hooks")
    monkeypatch.setattr(hooks, "ROOT", tmp_path)
    (tmp_path / "labs").mkdir()
    (tmp_path / "stand_in.cc").write_text("int nothing;\n")
    pages = [f"<!-- code: {file}#paging.8 -->" for file in ("stand_in.cc", "absent.cc")]
    for page in pages:
        with pytest.raises(ValueError, match="does not define paging.8"):
            hooks.on_page_markdown(page)
    (tmp_path / "labs/step.toml").touch()
    for page in pages:
        assert "comes in a later step" in hooks.on_page_markdown(page)


def test_contrast_is_that_of_the_guidelines(check) -> None:
    assert check.contrast("#000000", "#ffffff") == pytest.approx(21)
    assert check.contrast("#777777", "#ffffff") == pytest.approx(4.48, abs=0.01)


@pytest.mark.parametrize("style, complaint", [
    ("a { color: #007bff; /* on #ffffff */ }", "has a contrast of 3.98"),
    (".bar { background: #007bff; color: #ffffff; }", "has a contrast of 3.98"),
    ("a { color: #000000; /* on #ffffff, #111111 */ }", "on #111111"),
    ("a { color: #000000; }", "without a background"),
    ("a { color: red; /* on #ffffff */ }", "expected `color: #rrggbb"),
])
def test_colours_that_are_hard_to_read_are_found(check, style: str, complaint: str) -> None:
    found = check.colour_problems(style)
    assert len(found) == 1 and complaint in found[0]


def test_our_own_style_is_fine(check) -> None:
    style = (DOCS / "book.css").read_text()
    assert check.colour_problems(style) == []
    assert len(re.findall(r"(?<![\w-])color:", style)) == len(check.COLOUR.findall(style)) > 10


def test_letters_that_are_too_small_on_a_phone_are_found(check) -> None:
    picture = '<svg viewBox="0.00 0.00 {} 100.00"><text font-size="14.00">a</text><text font-size="13.00">b</text></svg>'
    assert check.picture_problems(picture.format("400.00")) == []
    assert "draw it narrower" in check.picture_problems(picture.format("900.00"))[0]


def test_a_picture_without_a_link_to_it_is_found(check, tmp_path: Path) -> None:
    page = tmp_path / "page.html"
    image = '<img alt="a picture of something" src="pictures/a.svg">'
    page.write_text(f'<html lang="en"><h1>h</h1><a href="pictures/a.svg">{image}</a></html>')
    assert check.Page(page).problems == []
    page.write_text(f'<html lang="en"><h1>h</h1><a href="pictures/a.svg">a</a>{image}</html>')
    assert "cannot be enlarged" in check.Page(page).problems[0]


def search_of(folder: Path, index: str, script: str) -> Path:
    (folder / "search").mkdir()
    (folder / "search/index.js").write_text(index)
    (folder / "search/main.js").write_text(script)
    (folder / "search/lunr.js").touch()
    (folder / "page.html").write_text('<html lang="en"><h1 id="top">h</h1></html>')
    return folder


def problems_of(check, site: Path) -> list[str]:
    return check.search_problems(site, {(site / "page.html").resolve(): check.Page(site / "page.html")})


GOOD = 'const book_sections = [{"location": "page.html#top", "title": "t", "text": "x"}];\n'


def test_a_search_that_works_from_the_disk_passes(check, tmp_path: Path) -> None:
    assert problems_of(check, search_of(tmp_path, GOOD, (DOCS / "search.js").read_text())) == []


@pytest.mark.parametrize("index, script, complaint", [
    (GOOD, 'const worker = new Worker("worker.js");', "needs a server"),
    (GOOD, 'fetch("index.json")', "needs a server"),
    (GOOD.replace("#top", "#gone"), "", "is not there"),
    ("const book_sections = [];\n", "", "finds nothing"),
    ("{}", "", "no index"),
])
def test_a_search_that_does_not_is_found(check, tmp_path: Path, index: str, script: str, complaint: str) -> None:
    found = problems_of(check, search_of(tmp_path, index, script))
    assert len(found) == 1 and complaint in found[0]
