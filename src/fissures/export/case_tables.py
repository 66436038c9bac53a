"""Claims, disputed facts, sources and earlier flare-ups as tables."""

from __future__ import annotations

from fissures.brief.context import Context
from fissures.export.inert import Cell
from fissures.export.tables import Column, Table, table
from fissures.study.analogue_records import Analogues
from fissures.study.records import ClaimRow, Study

ODDS = "log odds (or log rate) per reference surge of the cause"
SHARE = "0 to 1"

CLAIMS = (
    Column("claim", "string", "#cause+code", "the claim's code in the case"),
    Column("paraphrase", "string", "#cause+name", "the claim in words"),
    Column("read_back", "string", "#description+sentence", "the claim as the model reads it"),
    Column("source", "string", "#meta+source", "under which name sources.csv lists it"),
    Column("paragraph", "integer", "#meta+paragraph", "where it stands there; empty: not given"),
    Column("reading", "string", "#meta+reading", "stated in the source, implied by it, or ours"),
    Column("before_mean", "number", "#value+before+mean", "before the data, as the case codes it", ODDS),
    Column("before_sd", "number", "#value+before+sd", "its standard deviation", ODDS),
    Column("after_mean", "number", "#value+after+mean", "after the data", ODDS),
    Column("after_sd", "number", "#value+after+sd", "its standard deviation", ODDS),
    Column("after_low80", "number", "#value+after+low", "lower end of its 80 % range", ODDS),
    Column("after_high80", "number", "#value+after+high", "upper end of its 80 % range", ODDS),
    Column("vague_mean", "number", "#value+vague+mean", "after the data, from a vague prior", ODDS),
    Column("vague_sd", "number", "#value+vague+sd", "its standard deviation", ODDS),
    Column("p_sign", "number", "#value+sign", "chance that it runs as claimed, data and vague prior", SHARE),
    Column(
        "narrowed", "number", "#value+narrowed", "how much the data narrowed the vague prior; below 0: widened", SHARE
    ),
    Column("informed_by", "integer", "#meta+informed", "climbs or events that speak to it", "climbs or events"),
    Column("verdict", "string", "#status+verdict", "supported, leans to, mixed, contradicted, could not test"),
    Column("shares", "string", "#meta+shares", "whose coefficient it shares; empty: its own"),
    Column("untested", "string", "#description+untested", "why the record could not test it"),
    Column("coded", "string", "#description+prior", "why the number before the data is what it is"),
    Column("note", "string", "#description+note", "what the case notes beside it"),
)
STATEMENTS = (
    Column("claim", "string", "#cause+code", "the claim's code in the case"),
    Column("kind", "string", "#cause+type", "level, perception, importance, measurement or context"),
    Column("paraphrase", "string", "#cause+name", "the claim in words"),
    Column("about", "string", "#description+about", "what it speaks of"),
    Column("source", "string", "#meta+source", "under which name sources.csv lists it"),
    Column("paragraph", "integer", "#meta+paragraph", "where it stands there; empty: not given"),
)
FACTS = (
    Column("fact", "string", "#event+name", "what is disputed"),
    Column("source", "string", "#meta+source", "whose account; no source is ranked above another"),
    Column("value", "string", "#description+account", "what it says; accounts are never averaged"),
    Column("unit", "string", "#meta+unit", "of the value"),
    Column("remark", "string", "#description+remark", "what the case remarks"),
)
SOURCES = (
    Column("source", "string", "#meta+source", "the name under which claims cite it"),
    Column("citation", "string", "#meta+citation", "who, when, what"),
    Column("url", "string", "#meta+url", "where it stands, if the case says so"),
    Column("licence", "string", "#meta+licence", "its terms as the case states them; empty: not stated, so ask"),
)
FLARE_UPS = (
    Column("conflict", "string", "#event+name", "as the Uppsala Conflict Data Program names it"),
    Column("sides", "string", "#group+sides", "its parties"),
    Column("began", "date", "#date+start", "first day of the flare-up"),
    Column("own", "boolean", "#event+own", "whether it is the case's own conflict"),
    Column("distance", "number", "#value+distance", "from the case's own flare-up; 0 alike, 1 unlike", SHARE),
    Column("killed", "integer", "#affected+killed", "in its fourteen days, best estimate", "people"),
    Column("quiet_days", "integer", "#value+quiet", "quiet days before it", "days"),
    Column("killed_30", "integer", "#affected+killed+d30", "within 30 days after; empty: the record ends", "people"),
    Column("killed_90", "integer", "#affected+killed+d90", "within 90 days after", "people"),
    Column("killed_160", "integer", "#affected+killed+d160", "within 160 days after", "people"),
)


def claims(study: Study) -> Table:
    """One row a coupling, before and after the data."""
    says = "Every claim with a coefficient, before and after the data, with its verdict. Associations under the model."
    return table("claims", says, CLAIMS, [_claim(row) for row in study.claims])


def _claim(c: ClaimRow) -> tuple[Cell, ...]:
    stands = (c.code, c.paraphrase, c.sentence, c.source, c.para, c.reading)
    believed = (c.before.mean, c.before.sd, c.after.mean, c.after.sd, *c.after.range80, c.vague.mean, c.vague.sd)
    judged = (c.p_sign, c.narrowed, c.informed_by, c.verdict, c.shares)
    return (*stands, *believed, *judged, c.untested, c.prior_says, c.note)


def statements(study: Study) -> Table:
    """One row a claim without a coefficient."""
    says = "Claims that carry no coefficient: levels, perceptions, context."
    rows = [(s.code, s.kind, s.paraphrase, s.about, s.source, s.para) for s in study.statements]
    return table("statements", says, STATEMENTS, rows)


def facts(context: Context) -> Table:
    """One row a disputed fact and source."""
    says = "Disputed facts, one row a source; accounts are kept apart and never averaged."
    rows = [
        (fact.title, source, value, fact.unit, fact.says)
        for fact in context.facts
        for source, value in fact.values.items()
    ]
    return table("disputed_facts", says, FACTS, rows)


def sources(context: Context) -> Table:
    """One row a source, with its licence."""
    says = "Texts and data that the case cites, with their terms."
    return table("sources", says, SOURCES, [(s.id, s.cite, s.url, s.licence) for s in context.sources])


def flare_ups(found: Analogues) -> Table:
    """One row an earlier flare-up, nearest first."""
    says = "The earlier flare-ups most like the case's own (UCDP GED, CC BY 4.0), and how many were killed after each."
    rows = []
    for one in found.nearest:
        f = one.flare_up
        told = (f.conflict, "; ".join(f.sides), f.start, one.own, one.distance, f.traits.deaths, f.traits.quiet)
        rows.append((*told, *one.followed()))
    return table("flare_ups", says, FLARE_UPS, rows)
