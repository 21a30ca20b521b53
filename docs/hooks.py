"""Puts code into the book when it is built: `<!-- code: path#name -->` becomes that function, struct or room.

So what the book shows is what the kernel does. Called by mkdocs; `make lint` finds quotations of code that is gone.
"""

import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT / "tools"))
from lintkit.prose import EXCERPT, excerpt  # noqa: E402
from lintkit.sources import Source  # noqa: E402

LANGUAGES = {".cc": "cpp", ".h": "cpp", ".c": "c", ".S": "gas", ".py": "python", ".toml": "toml", ".mk": "make"}


def quotation(match) -> str:
    path, name = match[1], match[2]
    if not (ROOT / path).exists() and (ROOT / "labs/step.toml").exists():
        return f'<p class="quoted"><code>{path}</code> comes in a later step.</p>'
    source = Source(ROOT, path)
    lines = excerpt(source, name)
    if not lines:
        raise ValueError(f"{path} does not define {name}: `make lint` says where the book cites it")
    while lines and not lines[-1].strip():
        lines = lines[:-1]
    caption = f"<code>{path}</code>" + (f", <code>{name}</code>" if name else "")
    language = LANGUAGES.get(source.suffix, "text")
    code = "\n".join(lines)
    return f'<p class="quoted">{caption}</p>\n\n```{language}\n{code}\n```'


def on_page_markdown(markdown, **_):
    return EXCERPT.sub(quotation, markdown)
