"""Checks the built book (`make test-docs`): it needs no other host, its links lead somewhere, its pictures have texts.

Called with the site's folder. Prints each problem, then `N passed, N failed, 0 skipped`, counted in pages.
"""

import re
import sys
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote, urldefrag

# What a browser fetches by itself; an ordinary link (`a`) may lead out into the world.
FETCHED = {"link": "href", "script": "src", "img": "src", "iframe": "src", "source": "src", "object": "data"}


class Page(HTMLParser):
    def __init__(self, path: Path):
        super().__init__()
        self.path = path
        self.problems: list[str] = []
        self.ids: set[str] = set()
        self.links: list[str] = []
        self.headings = 0
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
        if tag == "html" and not given.get("lang"):
            self.problems.append("does not say its language")
        if tag == "a" and given.get("href") and not re.match(r"[a-z]+:|//|#$", given["href"]):
            self.links.append(given["href"])


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


def main() -> int:
    site = Path(sys.argv[1])
    pages = {path.resolve(): Page(path) for path in sorted(site.rglob("*.html")) if path.name != "404.html"}
    for page in pages.values():
        check_links(page, site, pages)
        if page.headings < 1:
            page.problems.append("has no heading of the first rank")
    passed = failed = 0
    for page in pages.values():
        passed += not page.problems
        failed += bool(page.problems)
        for problem in page.problems:
            print(f"{page.path}: {problem}")
    for style in sorted(site.rglob("*.css")):
        for address in re.findall(r"(?:@import\s+(?:url\()?|url\()\s*[\"']?((?:https?:)?//[^\"')]+)", style.read_text(errors="replace")):
            print(f"{style}: fetches {address}")
            failed += 1
    print(f"{passed} passed, {failed} failed, 0 skipped")
    return 1 if failed or not passed else 0


if __name__ == "__main__":
    sys.exit(main())
