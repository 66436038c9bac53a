"""How the last issue's answers did, as a table."""

from __future__ import annotations

from fissures.export.answer_tables import CODE, OWN
from fissures.export.inert import Cell
from fissures.export.tables import Column, Table, table
from fissures.study.resolve_records import Resolution, Resolved

SCORE = "0 at best, lower is better"

RESOLVED = (
    CODE,
    Column("title", "string", "#indicator+name", "the question in full"),
    Column(
        "kind", "string", "#indicator+type", "event (yes or no), number, or threshold (a number of so many or more)"
    ),
    Column("since", "date", "#date+start", "the day of the knowledge behind the answer"),
    Column("by", "date", "#date+end", "the day by which the question resolves"),
    Column("read_on", "date", "#date+read", "the day up to which the record was read"),
    Column(
        "status", "string", "#status+outcome", "came true, did not, known, open, void, cannot be told, asked otherwise"
    ),
    Column("settled_on", "date", "#date+settled", "the day by which the record leaves no doubt"),
    Column("least", "number", "#value+least", "what the record proves", OWN),
    Column("most", "number", "#value+most", "what the record leaves possible; empty where nothing bounds it", OWN),
    Column("with_claims", "number", "#value+with", "what had been said, with the argument", OWN),
    Column("claims_off", "number", "#value+without", "the same without the argument", OWN),
    Column("reference_class", "number", "#value+reference", "what was to be expected before anybody argues", OWN),
    Column("brier_with_claims", "number", "#value+brier+with", "Brier score of the answer", SCORE),
    Column("brier_claims_off", "number", "#value+brier+without", "the same without the argument", SCORE),
    Column("brier_reference_class", "number", "#value+brier+reference", "the same of the reference class", SCORE),
    Column("log_with_claims", "number", "#value+log+with", "minus log2 of the chance given to what came", "bits"),
    Column("log_claims_off", "number", "#value+log+without", "the same without the argument", "bits"),
    Column("log_reference_class", "number", "#value+log+reference", "the same of the reference class", "bits"),
    Column("crps_with_claims", "number", "#value+crps+with", "CRPS of a number's draws", "the number's own unit"),
    Column(
        "crps_claims_off", "number", "#value+crps+without", "the same without the argument", "the number's own unit"
    ),
    Column("fell", "string", "#status+fell", "where a number came against its 80 % range: inside, above, below"),
    Column("lacking", "string", "#meta+lacking", "what the record lacks to tell, and what else there is to say"),
)


def resolved(told: Resolution) -> Table:
    """One row a question of the last issue, and one for each threshold of a number."""
    says = "How the answers of the last issue did, by the record of this one; what is open is not scored."
    return table("resolved", says, RESOLVED, [_row(told, one) for one in told])


def _row(told: Resolution, one: Resolved) -> tuple[Cell, ...]:
    said, scored = one.said, one.status not in ("open", "asked otherwise")
    ends = (one.least, one.most) if scored or one.least else (None, None)
    brier, log, crps = one.brier, one.log, one.crps
    return (
        *(one.code, one.title, one.kind, told.since, one.by, told.until, one.status, one.on, *ends),
        *(said.with_claims, said.claims_off, said.reference),
        *(brier.with_claims, brier.claims_off, brier.reference),
        *(log.with_claims, log.claims_off, log.reference),
        *(crps.with_claims, crps.claims_off, one.fell, one.lacking),
    )
