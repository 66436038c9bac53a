"""Assert that an HTML file fetches nothing: no script, style, image, frame or font from outside itself."""

from __future__ import annotations

import re
import sys
from html.parser import HTMLParser
from pathlib import Path

FETCHING = {"src", "srcset", "data", "poster", "background", "action", "formaction"}


class Fetches(HTMLParser):
    """Collects every address that a browser would fetch without being asked."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note a tag's addresses; a link that a reader may click is no fetch."""
        names = FETCHING | ({"href", "xlink:href"} if tag in {"link", "use", "image", "base"} else set())
        for name, value in attrs:
            if name in names and value and not value.startswith(("data:", "#")):
                self.found.append(f"<{tag} {name}={value[:80]}>")


def main(path: str) -> int:
    """Print what the page would fetch; 1 if anything."""
    text = Path(path).read_text(encoding="utf-8")
    page = Fetches()
    page.feed(text)
    page.found += re.findall(r"@import[^;]{0,80}|url\(\s*['\"]?(?!data:|#)[a-z]+:[^)]{0,80}", text)
    for fetch in page.found:
        print(f"{path}  is not self-contained: {fetch}")
    print(f"{path}: {len(text.encode()):,} bytes, {len(page.found)} fetches")
    return 1 if page.found or not text.strip() else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
