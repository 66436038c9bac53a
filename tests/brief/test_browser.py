"""The brief in a real browser: nothing wider than the window, at a desk, on a tablet and on a phone.

The page itself holds no script, so a wrapper with a frame of the wanted width measures it from outside.
"""

from __future__ import annotations

import json
import re
import shutil
import subprocess
from dataclasses import replace
from html import escape, unescape
from pathlib import Path
from typing import Any

import pytest

from fissures.brief import Context, render
from fissures.study.first_page import FirstPage, LastIssue
from fissures.study.records import Study

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


# Every text a reader can see, as rectangles: nothing lies on other text, and nothing is cut by its own cell.
LAYOUT = """<script>
addEventListener("load", () => {
  const seen = e => e.checkVisibility() && !e.closest("thead, colgroup") && !e.closest("svg");
  const walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT), boxes = [], cut = [];
  while (walk.nextNode()) {
    const node = walk.currentNode, home = node.parentElement;
    if (!node.data.trim() || !seen(home) || getComputedStyle(home).clipPath !== "none") continue;
    const range = document.createRange();
    range.selectNodeContents(node);
    const cell = home.closest("td, th, li, p, figcaption, h1, h2, h3, dd, dt, caption");
    for (const r of range.getClientRects()) {
      if (r.width < 1 || r.height < 1) continue;
      boxes.push([r.left, r.top + .2 * r.height, r.right, r.bottom - .2 * r.height, node.data.trim().slice(0, 40)]);
      const room = cell && !cell.closest(".scroll") && cell.getBoundingClientRect();
      if (room && (r.right > room.right + 1.5 || r.left < room.left - 1.5)) cut.push(node.data.trim().slice(0, 40));
    }
  }
  for (const svg of document.querySelectorAll("svg.strip, svg.mark")) if (svg.checkVisibility()) {
    const r = svg.getBoundingClientRect();
    boxes.push([r.left, r.top + 2, r.right, r.bottom - 2, "strip"]);
  }
  boxes.sort((a, b) => a[1] - b[1]);
  const over = [];
  for (let i = 0; i < boxes.length; i++)
    for (let j = i + 1; j < boxes.length && boxes[j][1] < boxes[i][3]; j++) {
      const a = boxes[i], b = boxes[j];
      if (Math.min(a[2], b[2]) - Math.max(a[0], b[0]) > 2 && Math.min(a[3], b[3]) - b[1] > 2) over.push([a[4], b[4]]);
    }
  const told = document.createElement("pre");
  told.id = "found";
  told.textContent = JSON.stringify({texts: boxes.length, over: over.slice(0, 8), cut: cut.slice(0, 8)});
  document.body.append(told);
});
</script>"""

AXE = """<script>{source}</script><script>
addEventListener("load", () => axe.run(document, {{resultTypes: ["violations"]}}).then(result => {{
  const told = document.createElement("pre");
  told.id = "found";
  told.textContent = JSON.stringify({{passed: result.passes.length, violations: result.violations.map(
    v => [v.id, v.impact, v.nodes.slice(0, 3).map(n => n.html.slice(0, 120))])}});
  document.body.append(told);
}}));
</script>"""


def read_back(page: str, script: str, width: int, folder: Path) -> dict[str, Any]:
    """What a script finds in a copy of the page that allows it to run, laid out at a width."""
    open_page = re.sub(r'<meta http-equiv="Content-Security-Policy"[^>]*>', "", page)
    file, holder = folder / "inside.html", folder / "holder.html"
    file.write_text(open_page.replace("</body>", f"{script}</body>"), encoding="utf-8")
    holder.write_text(HOLDER.replace("WIDTH", str(width)), encoding="utf-8")
    seen = browser("--allow-file-access-from-files", "--window-size=1400,900", "--dump-dom", str(holder))
    found = re.search(r'<pre id="told">(.+?)</pre>', seen, re.S)
    assert found, "the page told nothing"
    return dict(json.loads(unescape(found.group(1))))


HOLDER = """<!doctype html><meta charset="utf-8"><iframe src="inside.html" style="width:WIDTHpx;height:900px;border:0">
</iframe><pre id="told"></pre><script>
const wait = () => {
  const inside = document.querySelector("iframe").contentDocument;
  const found = inside && inside.getElementById("found");
  if (found) document.getElementById("told").textContent = found.textContent; else setTimeout(wait, 50);
};
wait();
</script>"""


def browser(*given: str) -> str:
    """What headless Chromium prints."""
    name = next(found for n in ("chromium", "chromium-browser", "google-chrome") if (found := shutil.which(n)))
    command = [name, "--headless", "--no-sandbox", "--disable-gpu", "--hide-scrollbars", "--virtual-time-budget=20000"]
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


@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("which", ["page", "hostile_page"])
def test_no_text_lies_on_another_or_is_cut(
    which: str, width: int, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    seen = read_back(str(request.getfixturevalue(which)), LAYOUT, width, tmp_path)
    assert seen["texts"] > 300
    assert seen["over"] == [] and seen["cut"] == []


def test_the_overlap_test_is_not_blind(page: str, tmp_path: Path) -> None:
    broken = page.replace(
        "<style>", "<style>.page-one td { width: 20px; white-space: nowrap; } .bottom li { height: 3px }"
    )
    seen = read_back(broken, LAYOUT, 1280, tmp_path)
    assert seen["over"] and seen["cut"]


@pytest.mark.parametrize("width", [1280, 390])
def test_axe_finds_no_violation(page: str, width: int, tmp_path: Path) -> None:
    import axe_core_python

    source = Path(axe_core_python.__file__).with_name("axe.min.js").read_text(encoding="utf-8")
    script = AXE.format(source=source)
    seen = read_back(page.replace("<details>", "<details open>"), script, width, tmp_path)
    assert seen["passed"] > 15
    assert seen["violations"] == []


@pytest.mark.parametrize("issue", ["first", "next"])
def test_the_first_page_fits_one_sheet(
    issue: str, study: Study, context: Context, first: FirstPage, last: LastIssue, tmp_path: Path
) -> None:
    page = render(study, context, first if issue == "first" else replace(first, last=last))
    alone = page[: page.index("<nav ")] + "</main></body></html>"
    file, paper = tmp_path / "front.html", tmp_path / "front.pdf"
    file.write_text(alone, encoding="utf-8")
    browser("--no-pdf-header-footer", f"--print-to-pdf={paper}", str(file))
    assert len(re.findall(rb"/Type\s*/Page\b", paper.read_bytes())) == 1


# The words of the graph's boxes, as they are drawn: inside the drawing, and on no other word.
WORDS = """<script>
addEventListener("load", () => {
  const drawing = [...document.querySelectorAll("svg.claims")].find(e => e.checkVisibility());
  const room = drawing.getBoundingClientRect();
  const boxes = [...drawing.querySelectorAll(".box text")].map(e => [e.getBoundingClientRect(), e.textContent]);
  const over = [], out = [];
  boxes.forEach(([a, text], k) => {
    if (a.left < room.left - 1 || a.right > room.right + 1 || a.bottom > room.bottom + 1) out.push(text);
    for (const [b, other] of boxes.slice(k + 1))
      if (Math.min(a.right, b.right) - Math.max(a.left, b.left) > 1
          && Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top) > .4 * a.height) over.push([text, other]);
  });
  const links = [...drawing.querySelectorAll("a")];
  const lost = links.filter(a => { a.focus(); return document.activeElement !== a; }).length;
  const told = document.createElement("pre");
  told.id = "found";
  told.textContent = JSON.stringify({words: boxes.length, links: links.length, lost, over: over.slice(0, 5),
    out: out.slice(0, 5)});
  document.body.append(told);
});
</script>"""


@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("which", ["page", "hostile_page"])
def test_the_words_of_the_graph_are_apart_and_its_lines_take_the_focus(
    which: str, width: int, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    seen = read_back(str(request.getfixturevalue(which)), WORDS, width, tmp_path)
    assert seen["words"] > 8 and seen["links"] > 5
    assert (seen["lost"], seen["over"], seen["out"]) == (0, [], [])
