"""Pages of the portable claims: an index that says what was not found as loudly as what was, and a page for each."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from fissures.brief.portable_forest import Row, forest
from fissures.case.portable import PortableClaim, portable_claims, portable_rungs

Document = Mapping[str, Any]
WAYS = {"climb": "climbs", "fall": "falls"}
READINGS = {
    "surge": "surges: what lies above the unit's own usual level",
    "level": "levels: the cause itself",
    "acts": "levels, and the base forgets how much was said",
}
GATES = {
    "sign": "the sign rule",
    "gain": "a gain on pairs not seen",
    "second panel": "the same sign in the second panel",
    "lead": "the fair lead test",
}
PANELS = {"complete": "complete weeks", "second": "second panel", "wars": "internal wars"}


_RULE = (
    "*Supported* needs all of these: the chance of the expected sign above .9, with the interval narrowed by",
    "a quarter; a gain in log score on pairs that the fit has not seen, whose 90 % range over states leaves out zero;",
    "the same sign in a second panel; and a fair lead test, in which the cause must beat past memories, and the same",
    "cause read in the weeks after the outcome must beat memories of the future. *Contradicted* needs as much the",
    "other way.",
)
_LIMITS = (
    "- Causes and outcomes come from the same news. One story told twice looks like an answer, attention like heat.",
    "- The second panel need not be complete: it lends a claim its sign and no more.",
    "- Pairs were chosen by how many weeks of hostility they had in the window itself.",
    "- A slope is the log odds of a *weekly* move per surge. A surge is the level that one week in twenty with a trace",
    "  of the cause goes beyond. A case states its surges itself: the two are comparable in kind, not to the digit.",
    "- How far pairs differ (tau) is hardly known for rare causes. It is averaged over, so a new pair's range is wide.",
    "- Rare causes are counted poorly, which draws their slopes towards zero.",
    "- Each claim is fitted alone beside memories and news volume. No slope here is the effect of an act.",
)


def pages(document: Document) -> dict[str, str]:
    """Every page and figure as text by its name, from the results of the study: `index.md`, `threats.md`, ...."""
    out = {"index.md": "\n".join([*_index(document), ""])}
    for claim in portable_claims().values():
        out[f"{claim.name}.md"] = "\n".join([*_page(claim, document), ""])
        out[f"{claim.name}.svg"] = forest(_rows(claim, document), f"{claim.title}: effect on climbs")
    return out


# --- the index ----------------------------------------------------------------------------------------------


def _index(document: Document) -> Iterator[str]:
    verdicts = _by_verdict(document)
    yield "# Portable claims"
    yield ""
    yield "The same claim, tried on every pair of rival states in coded news. Made by `fissures portable fit`."
    yield ""
    yield "## What was found"
    yield ""
    held = verdicts.get("supported", [])
    yield f"**Supported: {', '.join(held) or 'none'}.** {_together_line(document)}"
    yield ""
    for word in ("leans to", "mixed", "contradicted", "could not test"):
        yield f"- *{word}*: {', '.join(verdicts.get(word, [])) or 'none'}"
    yield ""
    yield from _RULE
    yield ""
    yield "| claim | acts on | expected | average (sd) | a new pair (sd) | gain, nats | verdict | gates not passed |"
    yield "|---|---|---|---|---|---|---|---|"
    yield from _index_rows(document)
    yield ""
    yield from _figures(document)
    yield ""
    yield from _made(document)
    yield ""
    yield from _limits()


def _by_verdict(document: Document) -> dict[str, list[str]]:
    out: dict[str, list[str]] = {}
    for name, claim in portable_claims().items():
        for way, told in document["claims"][name].items():
            out.setdefault(told["verdict"], []).append(f"{claim.title.lower()} ({WAYS[way]})")
    return out


def _together_line(document: Document) -> str:
    reading = document["panels"]["complete"]["readings"]["surge"]
    nats, low, high = reading["together"]
    more = reading["volume"][0]
    return (
        f"All claims together change the log score on pairs not seen by {nats:+.1f} nats [{low:.0f}, {high:.0f}]; how "
        f"much was reported, whatever it was, by {more:+.0f}."
    )


def _index_rows(document: Document) -> Iterator[str]:
    complete = document["panels"]["complete"]["readings"]["surge"]["claims"]
    for name, claim in portable_claims().items():
        for way, told in document["claims"][name].items():
            link = f"[{claim.title}](portable-claims/{name}.md)"
            if name not in complete:
                yield f"| {link} | {WAYS[way]} | {_sign(told)} | | | | {told['verdict']} | |"
                continue
            one = complete[name][way]
            failed = "; ".join(text for gate, text in GATES.items() if not told["gates"].get(gate))
            cells = (link, WAYS[way], _sign(told), _sure(one), _sure(told), _range(complete[name]["gain"]))
            yield f"| {' | '.join(cells)} | {told['verdict']} | {failed} |"


def _sign(told: Mapping[str, Any]) -> str:
    return "more" if told["expected"] > 0 else "fewer"


def _sure(one: Mapping[str, Any]) -> str:
    return f"{one['mean']:+.2f} ({one['sd']:.2f})"


def _range(gain: Sequence[float]) -> str:
    nats, low, high = (round(value, 1) + 0.0 for value in gain)  # no minus before a zero
    return f"{nats:+.1f} [{low:.1f}, {high:.1f}]"


def _figures(document: Document) -> Iterator[str]:
    yield "## The main figures, read in several ways"
    yield ""
    yield "Nats of log score on units not seen, and the middle 90 % when states are drawn again. A placebo run moves"
    yield "every cause to another time of the same window; a claim about timing must do better than that."
    yield ""
    yield "| panel | read as | all claims | threats alone | news volume | placebo runs |"
    yield "|---|---|---|---|---|---|"
    for name, panel in document["panels"].items():
        for reading, told in panel["readings"].items():
            threats = _range(told["claims"]["threats"]["gain"]) if "threats" in told["claims"] else ""
            placebos = told["placebos"]
            span = f"{min(placebos):+.0f} to {max(placebos):+.0f}" if placebos else ""
            yield (
                f"| {PANELS[name]} | {READINGS[reading]} | {_range(told['together'])} | {threats} | "
                f"{_range(told['volume'])} | {span} |"
            )
    yield ""
    yield "Read as levels, claims seem to gain; where they do, causes moved to the wrong time gain too. Much of what"
    yield "they tell is which pairs are hostile, not when they climb. So the verdicts come from surges. Whether the"
    yield "base remembers how much was *said* decides what is left for threats and accusations, a large part of it."


def _made(document: Document) -> Iterator[str]:
    yield "## What it was made from"
    yield ""
    for name, panel in document["panels"].items():
        sources = ", ".join(f"`{one['name']}` ({one['file']}, {one['digest']})" for one in panel["datasets"])
        spoken = f"{panel['units']} {panel['kind']} in {panel['states']} states, {panel['weeks']} weeks"
        span = f"from {panel['first']} to {panel['last']}; {panel['climbed_to_the_top']} climbed to the top rung"
        yield f"- **{PANELS[name]}**: {spoken} {span}. From {sources}."
    without = ", ".join(document["without"])
    yield f"- **Left out of everything**: {without or 'nothing'}." + (
        " No event between these two states was read, not even as a third state's." if without else ""
    )
    yield f"- Digest of the results: `{document['digest'][:16]}`."
    yield ""
    yield "Rungs of a pair in a week, from what was reported:"
    yield ""
    for rung in portable_rungs():
        yield f"- *{rung.name}*: {rung.described_as}"


def _limits() -> Iterator[str]:
    yield "## What to mind"
    yield ""
    yield from _LIMITS


# --- one page -----------------------------------------------------------------------------------------------


def _page(claim: PortableClaim, document: Document) -> Iterator[str]:
    told = document["claims"][claim.name]
    yield f"# {claim.title}"
    yield ""
    yield claim.sentence
    yield ""
    yield " ".join(_verdict_sentence(way, one) for way, one in told.items())
    yield ""
    yield f"![Estimates and pairs]({claim.name}.svg)"
    yield ""
    yield "Dark rows are averages over units, *a new pair* what one pair not seen may have; grey rows are the pairs"
    yield "that tell most. Effects are on climbs."
    yield ""
    yield "| panel | units | read as | climbs (sd) | falls (sd) | gain, nats | with all other claims: climbs, falls |"
    yield "|---|---|---|---|---|---|---|"
    yield from _panel_rows(claim.name, document)
    yield ""
    yield "## Lead test"
    yield ""
    yield from _lead(told)
    yield ""
    yield "## Where it fails"
    yield ""
    yield from _fails(told)
    yield ""
    yield "## In the literature"
    yield ""
    yield f"{claim.literature[:1].upper()}{claim.literature[1:]}." + (f" {claim.source}." if claim.source else "")
    yield ""
    yield f"Cause: {_cause(claim)}. [All claims](../portable-claims.md)"


def _verdict_sentence(way: str, told: Mapping[str, Any]) -> str:
    failed = [text for gate, text in GATES.items() if told["gates"] and not told["gates"].get(gate)]
    why = f" (not passed: {', '.join(failed)})" if failed else ""
    return f"On {WAYS[way]}: **{told['verdict']}**{why}; the chance of the expected sign is {told['chance']:.2f}."


def _panel_rows(name: str, document: Document) -> Iterator[str]:
    for panel, body in document["panels"].items():
        for reading, told in body["readings"].items():
            head = f"| {PANELS[panel]} | {body['units']} | {READINGS[reading]} |"
            if name not in told["claims"]:
                yield f"{head} not told | not told | | |"
                continue
            one = told["claims"][name]
            ways = " | ".join(_sure(one[way]) for way in WAYS)
            together = ", ".join(f"{one[way]['together']:+.2f}" for way in WAYS)
            yield f"{head} {ways} | {_range(one['gain'])} | {together} |"


def _lead(told: Mapping[str, Any]) -> Iterator[str]:
    yield "In a base with past *and* future memories, nats that the cause gains, and that the same cause gains when it"
    yield "is read in the weeks after the outcome:"
    yield ""
    for way, one in told.items():
        if "lead" in one:
            lead = one["lead"]
            fair = one["gates"]["lead"]
            word = (
                "the cause does not merely move with its outcome"
                if fair
                else "it moves with its outcome, and does not precede it"
            )
            yield f"- {WAYS[way]}: before {lead['own']:.1f}, after {lead['lead']:.1f}: {word}"


def _fails(told: Mapping[str, Any]) -> Iterator[str]:
    for way, one in told.items():
        pairs = ", ".join(f"{unit} ({mean:+.2f}, sd {sd:.2f})" for unit, mean, sd in one.get("fails", []))
        yield f"- {WAYS[way]}: {pairs or 'no pair speaks against it'}"


def _cause(claim: PortableClaim) -> str:
    whose = {
        "between": "between the two, either way",
        "at_home": "within one of the two",
        "with_others": "between one of the two and third states",
        "from_others": "by third states towards one of the two",
        "both_met": "of third states with both of the two in one week, for each the lesser of its counts",
        "answered": "days on which one replied within three days to what the other had done",
    }
    return f"{', '.join(claim.kinds)} (CAMEO roots, PLOVER categories), {whose[claim.among]}"


def _rows(claim: PortableClaim, document: Document) -> list[Row]:
    told = document["claims"][claim.name]["climb"]
    rows: list[Row] = []
    for panel, body in document["panels"].items():
        for reading, said in body["readings"].items():
            if claim.name in said["claims"]:
                one = said["claims"][claim.name]["climb"]
                rows.append((f"{PANELS[panel]}, {reading}", one["mean"], one["sd"], True))
    if "sd" in told:
        rows.append(("a new pair", told["mean"], told["sd"], True))
    return rows + [(unit, mean, sd, False) for unit, mean, sd in told.get("surest", [])]
