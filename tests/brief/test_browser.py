"""The brief in a real browser: nothing wider than the window, at a desk, on a tablet and on a phone.

The page itself holds no script, so a wrapper with a frame of the wanted width measures it from outside.
"""

from __future__ import annotations

import json
import re
import shutil
import subprocess
from html import escape, unescape
from pathlib import Path
from typing import Any

import pytest

pytestmark = pytest.mark.browser

WIDTHS = (1280, 800, 390)
WRAPPER = """<!doctype html><meta charset="utf-8"><style>body{{margin:0}}iframe{{border:0;display:block}}</style>
<iframe style="width:{width}px;height:900px" srcdoc="{page}"></iframe><pre id="found"></pre>
<script>
const frame = document.querySelector("iframe");
frame.onload = () => {{
  const inside = frame.contentDocument, root = inside.documentElement;
  frame.style.height = root.scrollHeight + "px";
  const shown = e => e.checkVisibility() && !e.closest(".scroll") && !e.closest("svg > *");
  const wide = [...inside.querySelectorAll("body *")].filter(
    e => shown(e) && e.getBoundingClientRect().right > root.clientWidth + 1);
  const drawn = [...inside.querySelectorAll("figure svg")].filter(e => e.checkVisibility());
  document.getElementById("found").textContent = JSON.stringify({{
    window: root.clientWidth, scroll: root.scrollWidth, height: root.scrollHeight,
    wide: wide.slice(0, 5).map(e => e.tagName + "." + e.className), figures: drawn.length,
    smallest: Math.min(...drawn.map(e => 12 * e.getBoundingClientRect().width / e.viewBox.baseVal.width))}});
}};
</script>"""


def browser(*given: str) -> str:
    """What headless Chromium prints."""
    name = next(found for n in ("chromium", "chromium-browser", "google-chrome") if (found := shutil.which(n)))
    command = [name, "--headless", "--no-sandbox", "--disable-gpu", "--hide-scrollbars", "--virtual-time-budget=3000"]
    return subprocess.run([*command, *given], capture_output=True, text=True, timeout=120, check=True).stdout


def wrapped(page: str, width: int, folder: Path) -> Path:
    """The page in a frame of a given width."""
    file = folder / f"{width}.html"
    file.write_text(WRAPPER.format(width=width, page=escape(page)), encoding="utf-8")
    return file


def measured(page: str, width: int, folder: Path) -> dict[str, Any]:
    """The page laid out at a width: its scroll width, its figures, and what sticks out."""
    found = re.search(r'<pre id="found">(.+?)</pre>', browser("--dump-dom", str(wrapped(page, width, folder))), re.S)
    assert found, "the wrapper measured nothing"
    return dict(json.loads(unescape(found.group(1))))


@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("which", ["page", "hostile_page"])
def test_nothing_is_wider_than_the_window(
    which: str, width: int, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    seen = measured(str(request.getfixturevalue(which)), width, tmp_path)
    assert seen["window"] == width
    assert seen["wide"] == [] and seen["scroll"] <= width


def test_each_figure_shows_once_and_its_text_stays_legible(page: str, tmp_path: Path) -> None:
    figures = len(re.findall("<figure>", page))
    for width in WIDTHS:
        seen = measured(page, width, tmp_path)
        assert seen["figures"] == figures
        assert seen["smallest"] > 10, f"12 px text shrinks to {seen['smallest']:.1f} at {width}"


def test_a_picture_of_it_is_not_blank(page: str, tmp_path: Path) -> None:
    picture = tmp_path / "brief.png"
    browser(f"--screenshot={picture}", "--window-size=1280,2400", str(wrapped(page, 1280, tmp_path)))
    assert picture.stat().st_size > 50_000


def test_it_prints_on_a4(page: str, tmp_path: Path) -> None:
    file, paper = tmp_path / "brief.html", tmp_path / "brief.pdf"
    file.write_text(page, encoding="utf-8")
    browser("--no-pdf-header-footer", f"--print-to-pdf={paper}", str(file))
    raw = paper.read_bytes()
    box = re.search(rb"/MediaBox\s*\[0 0 ([\d.]+) ([\d.]+)\]", raw)
    assert box and abs(float(box.group(1)) - 595) < 2 and abs(float(box.group(2)) - 842) < 2
    assert 3 <= len(re.findall(rb"/Type\s*/Page\b", raw)) <= 16
