"""Answers, thresholds, what-ifs and the expected course as tables."""

from __future__ import annotations

from fissures.brief.context import Context
from fissures.brief.units import amount, central, span, thresholds
from fissures.export.inert import Cell
from fissures.export.tables import Column, Table, table
from fissures.figures.whatifs import footing
from fissures.study.records import Answer, Arm, Course, Difference, Rival, Study

SHARE, OWN = "share of simulated paths, 0 to 1", "share from 0 to 1 for an event, people or weeks for a number"
CODE = Column("question", "string", "#indicator+code", "the question's code in the case")
LOW, HIGH = ("of the 80 % range: for an event over draws of the parameters, for a number over futures",) * 2

ANSWERS = (
    CODE,
    Column("title", "string", "#indicator+name", "the question in full"),
    Column("kind", "string", "#indicator+type", "event (yes or no) or number"),
    Column("as_of", "date", "#date+start", "the day of the knowledge behind it"),
    Column("by", "date", "#date+end", "the day by which it resolves"),
    Column("answer", "number", "#value+answer", "probability of an event, or median of a number", OWN),
    Column("low80", "number", "#value+low", f"lower end {LOW}", OWN),
    Column("high80", "number", "#value+high", f"upper end {HIGH}", OWN),
    Column("in_words", "string", "#description+words", "answer and range as the brief prints them, never 0 % or 100 %"),
    Column("term", "string", "#description+term", "verbal term after ICD 203, beside its number only"),
    Column("mc_error", "number", "#value+error", "what more paths would take away", OWN),
    Column("reference_class", "number", "#value+reference", "what to expect before anybody argues", OWN),
    Column("reference_method", "string", "#meta+method", "how the reference class was found"),
    Column("reference_counted", "string", "#meta+counted", "what it rests on"),
    Column("reference_to", "date", "#date+cutoff", "nothing later informs the reference class"),
    Column("claims_off", "number", "#value+without", "the same ladder refitted without the argument", OWN),
    Column("with_claims", "number", "#value+with", "with the argument", OWN),
    Column("base_low", "number", "#value+base_low", "lowest value that base rates allow, as the case states", OWN),
    Column("base_high", "number", "#value+base_high", "highest value that base rates allow", OWN),
    Column("void", "number", "#value+void", "share of paths on which the question is void, left out", SHARE),
    Column("resolves", "string", "#description+resolution", "how the question resolves"),
)
THRESHOLDS = (
    CODE,
    Column("threshold", "number", "#indicator+threshold", "so many or more", "the question's own unit"),
    Column("chance", "number", "#value+chance", "chance of the threshold or more", SHARE),
    Column("chance_claims_off", "number", "#value+without", "the same without the argument", SHARE),
    Column("base_low", "number", "#value+base_low", "lowest chance that base rates allow", SHARE),
    Column("base_high", "number", "#value+base_high", "highest chance that base rates allow", SHARE),
)
WHAT_IFS = (
    Column("lever", "string", "#activity+code", "the lever's code in the case"),
    Column("lever_name", "string", "#activity+name", "what is done"),
    Column("escalatory", "boolean", "#activity+escalatory", "shown so that its risk can be seen, not as an option"),
    Column("question", "string", "#indicator+code", "question, or question>=threshold"),
    Column("base", "number", "#value+base", "on the paired paths without the lever", OWN),
    Column("with_lever", "number", "#value+with", "on the same random numbers with the lever", OWN),
    Column("difference", "number", "#value+difference", "with the lever minus base, in the model", OWN),
    Column("low80", "number", "#value+low", "lower end of its 80 % range", OWN),
    Column("high80", "number", "#value+high", "upper end of its 80 % range", OWN),
    Column("mc_error", "number", "#value+error", "what more paths would take away", OWN),
    Column("clear_of_zero", "boolean", "#status+clear", "whether the 80 % range leaves zero out"),
    Column("rides_on", "string", "#meta+footing", "fitted links, assumed links, both, or no link"),
    Column("fitted", "string", "#meta+fitted", "claims to which the data spoke, by code"),
    Column("assumed", "string", "#meta+assumed", "claims that stand as the case codes them, by code"),
    Column("paths", "integer", "#meta+paths", "how many paths were paired", "paths"),
    Column("by_itself", "string", "#status+itself", "how the lever itself settles what is asked; empty for an effect"),
)
RIVALS = (
    Column("reading", "string", "#indicator+reading", "how somebody else reads the argument"),
    Column("holds", "string", "#description+holds", "what the reading holds"),
    Column("question", "string", "#indicator+code", "question, or question>=threshold"),
    Column("base", "number", "#value+base", "the brief's reading, on the same paths", SHARE),
    Column("read_so", "number", "#value+with", "on the same random numbers, read so", SHARE),
    Column("low80", "number", "#value+low", "lower end of its 80 % range over draws of the parameters", SHARE),
    Column("high80", "number", "#value+high", "upper end of its 80 % range", SHARE),
    Column("difference", "number", "#value+difference", "read so minus base", SHARE),
    Column("mc_error", "number", "#value+error", "of the difference: what more paths would take away", SHARE),
    Column("idle", "string", "#meta+idle", "claims that do nothing, by name"),
    Column("reversed", "string", "#meta+reversed", "claims that run the other way, by name"),
    Column("paths", "integer", "#meta+paths", "how many paths were paired", "paths"),
)
RUNGS = (
    Column("week", "date", "#date+week", "first day of the week"),
    Column("front", "string", "#region+code", "the front's name in the case file"),
    Column("front_name", "string", "#region+name", "the front's name for readers"),
    Column("rung", "string", "#severity+rung", "a rung of the ladder, lowest first"),
    Column("chance", "number", "#value+chance", "chance that it is the week's highest rung", SHARE),
)


def answers(study: Study) -> Table:
    """One row a question, with its three numbers beside each other."""
    says = "Every question with its number, its 80 % range and the three numbers that belong together."
    return table("answers", says, ANSWERS, [_answer(q, study) for q in study.answers.questions])


def _answer(q: Answer, study: Study) -> tuple[Cell, ...]:
    known, bounds = q.reference_class, q.bounds or (None, None)
    words = f"{amount(q, central(q))} ({span(q)})"
    reference = (known.value, known.method, known.counted, known.cutoff) if known else (None,) * 4
    asked = (q.code, q.title, q.kind, study.answers.as_of, q.by)
    number = (central(q), *q.range80, words, q.word, q.mc_error)
    return (*asked, *number, *reference, q.claims_off, q.with_claims, *bounds, q.void, q.resolves)


def exceedances(study: Study, context: Context) -> Table:
    """One row a threshold of a number question."""
    says = "The chance that a number question reaches each of its thresholds."
    rows = []
    for q in study.answers.questions:
        for bound, chance in thresholds(q):
            level = next(level for level in q.exceed if float(level) == bound)
            base = context.base_rates.get(q.code, {}).get(level, (None, None))
            rows.append((q.code, bound, chance, q.exceed_off.get(level), *base))
    return table("thresholds", says, THRESHOLDS, rows)


def what_ifs(study: Study) -> Table:
    """One row a lever and question."""
    says = "What each lever changes in each question, in the model, on the same random numbers as the base."
    rows = [_difference(arm, code, found) for arm in study.arms for code, found in arm.differences.items()]
    return table("what_ifs", says, WHAT_IFS, rows)


def _difference(arm: Arm, code: str, d: Difference) -> tuple[Cell, ...]:
    numbers = (d.base, d.arm, d.difference, *d.range80, d.mc_error, d.clear)
    links = (footing(d), " ".join(d.fitted), " ".join(d.assumed))
    return (arm.code or arm.id, arm.name, arm.escalatory, code, *numbers, *links, arm.paths, d.itself)


def rivals(study: Study) -> Table:
    """One row a rival reading and question."""
    says = "What rival readings of the argument say, each on the same random numbers as the base; nothing is refitted."
    rows = [_read_so(rival, code, found) for rival in study.rivals for code, found in rival.differences.items()]
    return table("rivals", says, RIVALS, rows)


def _read_so(rival: Rival, code: str, d: Difference) -> tuple[Cell, ...]:
    numbers = (d.base, d.arm, *rival.ranges.get(code, (None, None)), d.difference, d.mc_error)
    return (rival.name, rival.says, code, *numbers, " ".join(rival.idle), " ".join(rival.turned), rival.paths)


def course(found: Course) -> Table:
    """One row a week: what was recorded, then quantiles over the simulated paths."""
    says = (
        "People killed in a week on all fronts: recorded weeks, then quantiles of the simulated ones; empty is missing."
    )
    columns = [
        Column("week", "date", "#date+week", "first day of the week"),
        Column(
            "recorded_low", "number", "#affected+killed+low", "recorded, lowest account; empty: no record", "people"
        ),
        Column("recorded_high", "number", "#affected+killed+high", "recorded, highest account", "people"),
    ]
    for level in found.levels:
        name = f"q{f'{100 * level:g}'.replace('.', '_')}"
        says_level = f"{100 * level:g} % of simulated paths have this many or fewer"
        columns.append(Column(name, "number", f"#affected+killed+{name}", says_level, "people"))
    rows: list[tuple[Cell, ...]] = [(week, low, high, *[None] * len(found.levels)) for week, low, high in found.past]
    rows += [(week, None, None, *row) for week, row in zip(found.weeks, found.deaths, strict=True)]
    return table("course", says, columns, rows)


def rungs(found: Course, context: Context) -> Table:
    """One row a week, front and rung: the chance that it is the week's highest."""
    says = "How likely each rung is to be the week's highest, by front."
    rows = [
        (week, front, context.front_name(front), rung, chance)
        for front, odds in found.ladder.items()
        for week, row in zip(found.weeks, odds, strict=True)
        for rung, chance in zip(found.rungs, row, strict=True)
    ]
    return table("rungs", says, RUNGS, rows)
