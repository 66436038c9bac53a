"""The first page of a brief alone: what is cut away is the rest, and every link into it."""

from __future__ import annotations

import re

from fissures.errors import UsageError

MARK = '<meta name="fissures" content="one page">'
_FRONT = re.compile(r'<(section|div)\b[^>]*\bclass="[^"]*\bfront\b')
_ANCHOR = re.compile(r'<a\b[^>]*\bhref="#([^"]*)"[^>]*>(.*?)</a>', re.S)
_AWAY = (
    re.compile(r"<nav\b.*?</nav>", re.S),
    re.compile(r"<details\b.*?</details>", re.S),
    re.compile(r'<h3 id="also">.*?(?=<details\b|</section>)', re.S),
)


def first_page(page: str) -> str:
    """The first page of a brief as a page of its own: its head and its first part, without what lies behind links.

    The first part is the element of class "front" where the page has one, else its first section. Raises UsageError
    for a page that is no brief.
    """
    head, main, rest = page.partition("<main>")
    found = _FRONT.search(rest) or re.search(r"<(section)\b", rest)
    if not main or found is None or "</head>" not in head:
        raise UsageError(
            "this page is no brief",
            where="--one-page",
            why="its first page cannot be found",
            remedy="write the brief first: fs.brief(run, out='brief.html')",
        )
    part = rest[found.start() : _end(rest, found.start(), found.group(1))]
    footer = re.search(r"<footer>.*?</footer>", rest, re.S)
    told = f"{head}<main>\n{part}\n</main>\n{footer.group() if footer else ''}\n</body>\n</html>\n"
    for away in _AWAY:
        told = away.sub("", told)
    held = set(re.findall(r'\bid="([^"]+)"', told))
    told = _ANCHOR.sub(lambda link: link.group() if link.group(1) in held else link.group(2), told)
    return told.replace("</head>", f"{MARK}\n</head>", 1)


def _end(text: str, start: int, tag: str) -> int:
    """Where the element that opens at `start` ends."""
    depth = 0
    for found in re.finditer(rf"<(/?){tag}\b", text[start:]):
        depth += -1 if found.group(1) else 1
        if depth == 0:
            return text.index(">", start + found.start()) + 1
    return len(text)
