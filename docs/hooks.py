"""Puts code into the book when it is built: `<!-- code: path#name -->` becomes that function, struct or room.

So what the book shows is what the kernel does. Also: a picture links to its file, and the search works from the disk
(docs/search.js). Called by mkdocs; `make lint` finds quotations of code that is gone.
"""

import json
import re
import shutil
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT / "tools"))
from lintkit.prose import EXCERPT, excerpt  # noqa: E402
from lintkit.sources import Source  # noqa: E402

LANGUAGES = {".cc": "cpp", ".h": "cpp", ".c": "c", ".S": "gas", ".py": "python", ".toml": "toml", ".mk": "make"}


def quotation(match) -> str:
    path, name = match[1], match[2]
    source = Source(ROOT, path)
    lines = excerpt(source, name) if (ROOT / path).exists() else []
    if not lines and (ROOT / "labs/step.toml").exists():    # in a hand-out the file is not there, or a stand-in is
        return f'<p class="quoted"><code>{path}</code>{f", <code>{name}</code>," if name else ""} comes in a later step.</p>'
    if not lines:
        raise ValueError(f"{path} does not define {name}: `make lint` says where the book cites it")
    while lines and not lines[-1].strip():
        lines = lines[:-1]
    caption = f"<code>{path}</code>" + (f", <code>{name}</code>" if name else "")
    language = LANGUAGES.get(source.suffix, "text")
    code = "\n".join(lines)
    return f'<p class="quoted">{caption}</p>\n\n```{language}\n{code}\n```'


# A browser shows a picture's own file as large as one likes.
PICTURE = re.compile(r"^!\[([^\]]*)\]\((pictures/[\w-]+\.svg)\)$", re.M)


def on_page_markdown(markdown, **_):
    return PICTURE.sub(r"[![\1](\2)](\2){.picture}", EXCERPT.sub(quotation, markdown))


def on_post_build(config, **_):
    """Our search for mkdocs's: the same index, but as a script, because a page from the disk may not read files."""
    folder = Path(config["site_dir"]) / "search"
    found = json.loads((folder / "search_index.json").read_text(encoding="utf-8"))["docs"]
    pages = {entry["location"]: entry["title"] for entry in found if "#" not in entry["location"]}
    sections = []
    for entry in found:     # a whole page is an entry too: its sections will do
        page = pages.get(entry["location"].partition("#")[0], "")
        if entry["location"] not in pages:
            sections.append(entry if entry["title"] == page else entry | {"title": f"{page}: {entry['title']}"})
    (folder / "index.js").write_text(f"const book_sections = {json.dumps(sections)};\n", encoding="utf-8")
    shutil.copyfile(ROOT / "docs/search.js", folder / "main.js")
    for left in ("search_index.json", "worker.js"):
        (folder / left).unlink(missing_ok=True)
