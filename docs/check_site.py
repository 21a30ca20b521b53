"""Checks the built book (`make test-docs`): it needs no other host and no server, its links lead somewhere, its pictures
have texts, can be enlarged and read on a phone, its colours have contrast.

Called with the site's folder. Prints each problem, then `N passed, N failed, 0 skipped`: one for each page, picture and
style sheet, and one for the search.
"""

import json
import re
import sys
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote, urldefrag

# What a browser fetches by itself; an ordinary link (`a`) may lead out into the world.
FETCHED = {"link": "href", "script": "src", "img": "src", "iframe": "src", "source": "src", "object": "data"}

LEAST_CONTRAST = 4.5    # WCAG 2.1, 1.4.3: text against its background
PHONE_PIXELS, LEAST_LETTER_PIXELS = 360, 9.5    # the room for a picture on a narrow phone, and its smallest letters there
# What a browser does not let a page from the disk do.
NEEDS_SERVER = re.compile(r"\b(?:new Worker|XMLHttpRequest|fetch|importScripts|import)\s*\(")


class Page(HTMLParser):
    def __init__(self, path: Path):
        super().__init__()
        self.path = path
        self.problems: list[str] = []
        self.ids: set[str] = set()
        self.links: list[str] = []
        self.headings = 0
        self.inside: str | None = None      # where the link that is open leads
        self.feed(path.read_text(encoding="utf-8"))

    def handle_starttag(self, tag, attributes):
        given = dict(attributes)
        if "id" in given:
            self.ids.add(given["id"])
        self.headings += tag == "h1"
        address = given.get(FETCHED.get(tag, ""), "") or ""
        if re.match(r"(https?:)?//", address):
            self.problems.append(f"fetches {address}")
        elif address:
            self.links.append(address)
        if tag == "img" and len((given.get("alt") or "").split()) < 3:
            self.problems.append(f"shows {given.get('src')} without a sentence for those who do not see it")
        if tag == "img" and (given.get("src") or "").endswith(".svg") and self.inside != given["src"]:
            self.problems.append(f"shows {given['src']} without a link to it: it cannot be enlarged")
        if tag == "a":
            self.inside = given.get("href")
        if tag == "html" and not given.get("lang"):
            self.problems.append("does not say its language")
        if tag == "a" and given.get("href") and not re.match(r"[a-z]+:|//|#$", given["href"]):
            self.links.append(given["href"])

    def handle_endtag(self, tag):
        if tag == "a":
            self.inside = None


def check_links(page: Page, site: Path, pages: dict[Path, Page]) -> None:
    for link in page.links:
        target, anchor = urldefrag(unquote(link))
        target = target.split("?")[0]
        path = (page.path.parent / target).resolve() if target else page.path.resolve()
        if target.startswith("/"):
            path = (site / target.lstrip("/")).resolve()
        if path.is_dir():
            path = path / "index.html"
        if not path.exists():
            page.problems.append(f"refers to {link}, which is not there")
        elif anchor and path in pages and anchor not in pages[path].ids:
            page.problems.append(f"refers to {link}, and that page has no such heading")


# ---- colours ----------------------------------------------------------------------------------------------
def luminance(colour: str) -> float:
    """Of #rrggbb, as WCAG 2.1 defines it."""
    parts = [int(colour[i:i + 2], 16) / 255 for i in (1, 3, 5)]
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)


COLOUR = re.compile(r"(?<![\w-])color:\s*([^;!}]+?)\s*(?:!important)?;\s*(?:/\* on ([^*]*)\*/)?")
BACKGROUND = re.compile(r"(?<![\w-])background(?:-color)?:\s*(#[0-9a-f]{6})\b")


def colour_problems(style: str) -> list[str]:
    """Colours of text in this style sheet that are hard to read on the rule's background, or on those behind `color`."""
    problems = []
    for selector, body in re.findall(r"([^{}]+)\{([^{}]*)\}", style):
        name = re.sub(r"/\*.*?\*/", "", selector, flags=re.S).strip()
        for colour, named in COLOUR.findall(body):
            grounds = re.findall(r"#[0-9a-f]{6}", named) or BACKGROUND.findall(body)
            if not re.fullmatch(r"#[0-9a-f]{6}", colour) or not grounds:
                problems.append(f"{name}: expected `color: #rrggbb; /* on #rrggbb */`, found {colour} without a background")
            problems += [f"{name}: {colour} on {ground} has a contrast of {contrast(colour, ground):.2f}: expected {LEAST_CONTRAST}"
                         for ground in grounds if colour.startswith("#") and contrast(colour, ground) < LEAST_CONTRAST]
    return problems


# ---- pictures and search ----------------------------------------------------------------------------------
def picture_problems(svg: str) -> list[str]:
    """Letters that nobody can read once the picture is as narrow as a phone."""
    width = float(re.search(r'viewBox="[\d.-]+ [\d.-]+ ([\d.]+)', svg)[1])
    smallest = min(float(size) for size in re.findall(r'font-size="([\d.]+)"', svg))
    pixels = smallest * min(PHONE_PIXELS / width, 4 / 3)
    return [] if pixels >= LEAST_LETTER_PIXELS else [
        f"{width:.0f} wide, its letters have {pixels:.1f} pixels on a phone: expected {LEAST_LETTER_PIXELS}; draw it narrower"]


def search_problems(site: Path, pages: dict[Path, Page]) -> list[str]:
    """The index must be a script, and lead to sections that are there."""
    folder = site / "search"
    try:
        text = (folder / "index.js").read_text(encoding="utf-8")
        sections = json.loads(re.fullmatch(r"const book_sections = (.*);\n", text, re.S)[1])
        script = (folder / "main.js").read_text(encoding="utf-8")
        (folder / "lunr.js").stat()
    except (OSError, ValueError, TypeError) as error:
        return [f"the search has no index, script or engine: {error}"]
    problems = [f"the search's main.js needs a server: {found[0].strip()}" for found in NEEDS_SERVER.finditer(script)]
    for section in sections:
        page, _, anchor = section["location"].partition("#")
        at = pages.get((site / page).resolve())
        if at is None or anchor not in at.ids:
            problems.append(f"the search leads to {section['location']}, which is not there")
    return problems if sections else ["the search finds nothing: its index is empty"]


def main() -> int:
    site = Path(sys.argv[1])
    pages = {path.resolve(): Page(path) for path in sorted(site.rglob("*.html")) if path.name != "404.html"}
    problems: dict[str, list[str]] = {}
    for page in pages.values():
        check_links(page, site, pages)
        if page.headings < 1:
            page.problems.append("has no heading of the first rank")
        problems[str(page.path)] = page.problems
    for style in sorted(site.rglob("*.css")):
        text = style.read_text(errors="replace")
        problems[str(style)] = [f"fetches {address}" for address in
                                re.findall(r"(?:@import\s+(?:url\()?|url\()\s*[\"']?((?:https?:)?//[^\"')]+)", text)]
    problems[str(site / "book.css")] += colour_problems((site / "book.css").read_text())
    for picture in sorted(site.glob("pictures/*.svg")):
        problems[str(picture)] = picture_problems(picture.read_text())
    problems[str(site / "search")] = search_problems(site, pages)
    for what, found in problems.items():
        for problem in found:
            print(f"{what}: {problem}")
    failed = sum(bool(found) for found in problems.values())
    print(f"{len(problems) - failed} passed, {failed} failed, 0 skipped")
    return 1 if failed or not pages else 0


if __name__ == "__main__":
    sys.exit(main())
