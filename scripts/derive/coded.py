"""Our coding of the dated timeline: which row counts for which stream, by its date and words of its headline.

All 262 rows to 21 July 2020 were read. The rule of each stream, the rows that were weighed and left out, and whether
the timeline counts a stream or only mentions it, are in the case's SOURCES.md.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

# (start date of the row, words that only its headline has among the rows of that day)
CODED: Mapping[str, Sequence[tuple[str, str]]] = {
    # the two foreign ministers, or the mediators with a party, by video
    "video_calls": (
        ("2020-04-21", "talks online"),
        ("2020-05-18", "co-chairs"),
    ),
    # the two foreign ministers in one room
    "minister_meetings": (
        ("2015-09-25", "New York"),
        ("2017-04-28", "2016 accords"),
        ("2017-07-11", "Brussels"),
        ("2017-09-23", "ahead of peace summit"),
        ("2017-12-06", "call for compromise"),  # with the three mediators' ministers
        ("2018-01-18", "Krakow"),
        ("2018-07-11", "hold talks"),
        ("2018-09-26", "New York"),
        ("2018-12-06", "Milan"),
        ("2019-01-16", "ready their people"),
        ("2019-04-15", "trust-building"),
        ("2019-06-20", "Washington"),
        ("2019-09-25", "hail their efforts"),
        ("2019-12-04", "discuss next steps"),
        ("2020-01-28", "3 days of talks"),
    ),
    # the two leaders in one room, informal meetings included
    "summits": (
        ("2015-12-19", "leaders' summit"),
        ("2016-05-16", "Vienna"),
        ("2016-06-20", "Putin hosts"),
        ("2017-10-16", "first summit"),
        ("2018-06-13", "Putin meets"),  # introduced to each other at the World Cup
        ("2018-09-28", "communication channel"),
        ("2019-01-22", "Davos"),
        ("2019-03-29", "Vienna"),
        ("2019-05-14", "Brussels"),
        ("2019-10-11", "discuss NK"),
        ("2020-02-15", "Munich"),  # a public debate
    ),
    # words that both parties stand behind: a joint statement, or a mediators' statement of what both agreed
    "agreed_texts": (
        ("2016-05-16", "Vienna"),
        ("2016-06-20", "Putin hosts"),
        ("2017-10-16", "first summit"),
        ("2018-01-18", "Krakow"),
        ("2019-01-16", "ready their people"),
        ("2019-03-29", "Vienna"),
        ("2019-04-15", "trust-building"),
        ("2020-04-21", "talks online"),
    ),
    # a named measure that the two parties agreed on or carried out
    "tangible_steps": (
        ("2016-04-02", "before ceasefire"),  # ceasefire
        ("2016-05-16", "Vienna"),  # full ceasefire, monitors, investigation of violations
        ("2016-06-20", "Putin hosts"),  # St Petersburg: more observers
        ("2018-09-28", "communication channel"),  # Dushanbe: direct channel
        ("2019-01-16", "ready their people"),  # prepare populations
        ("2019-03-29", "Vienna"),  # ceasefire and direct channel strengthened
        ("2019-04-15", "trust-building"),  # access to detainees, visits of journalists
        ("2019-06-28", "swap prisoners"),
        ("2019-11-18", "reporters trade"),  # visits of journalists carried out
    ),
    # the mediators as a body, or one of them other than the American alone, meet a party, visit, or urge the parties
    "minsk_contacts": (
        ("2015-01-27", "Co-Chairs"),
        ("2015-02-07", "Co-Chairs"),
        ("2015-02-16", "Co-Chairs"),
        ("2015-04-30", "Co-Chairs"),
        ("2015-07-20", "Co-Chairs"),
        ("2015-09-25", "New York"),
        ("2015-10-26", "by years' end"),
        ("2015-12-03", "urgent talks"),  # the three states jointly
        ("2016-02-13", "undermining"),
        ("2016-04-02", "stop shooting"),
        ("2016-04-05", "Minsk Group"),
        ("2016-04-07", "OSCE Co-Chairs"),
        ("2016-05-12", "time has come"),
        ("2016-05-31", "Co-Chairs"),
        ("2016-06-24", "Co-Chairs"),
        ("2016-07-07", "NATO"),
        ("2016-09-22", "At UN"),
        ("2016-10-23", "Co-Chairs"),
        ("2016-12-08", "Co-Chair Countries"),  # the three states jointly
        ("2016-12-12", "French Co-Chair"),
        ("2017-01-09", "Co-Chairs"),
        ("2017-02-17", "Co-Chairs"),
        ("2017-02-26", "Co-Chairs"),
        ("2017-03-11", "Co-Chairs"),
        ("2017-05-18", "Co-Chairs"),
        ("2017-06-10", "Co-Chairs"),
        ("2017-07-05", "Co-Chairs"),
        ("2017-09-23", "ahead of peace summit"),
        ("2017-10-06", "ready for summit"),
        ("2017-11-14", "Moscow"),  # with each minister apart
        ("2017-12-06", "call for compromise"),  # the three states jointly
        ("2018-01-18", "Krakow"),
        ("2018-02-07", "Co-Chairs"),
        ("2018-04-26", "Lavrov"),
        ("2018-05-15", "Co-Chairs"),
        ("2018-06-12", "Co-Chairs"),
        ("2018-10-29", "Co-Chairs"),
        ("2018-12-06", "Milan"),
        ("2019-02-20", "Co-Chairs"),
        ("2019-03-09", "Co-Chairs"),
        ("2019-05-27", "Co-Chairs"),
        ("2019-10-14", "Co-Chairs"),
        ("2019-12-04", "discuss next steps"),
        ("2020-01-28", "3 days of talks"),
        ("2020-03-18", "suspends monitoring"),
        ("2020-04-21", "talks online"),
        ("2020-05-18", "co-chairs"),
    ),
    # a mediator puts or presses a plan or a formula of settlement
    "proposals": (
        ("2015-07-20", "back proposals"),
        ("2016-05-31", "float plan"),
        ("2019-03-09", "rebuke"),
        ("2020-04-21", "old settlement formula"),
    ),
    # Armenia's leader or foreign minister refuses concessions or a formula in public
    "rebuffs": (
        ("2019-02-27", "first to compromise"),
        ("2019-08-05", "period"),
        ("2020-04-21", "old settlement formula"),
    ),
    # a head of state or government or foreign minister of a party rejects the mediation or the talks,
    # or calls them failed or pointless
    "disavowals": (
        ("2016-04-22", "talks have failed"),
        ("2017-02-20", "questions peace talks"),
    ),
    # Azerbaijan, a co-chair or a co-chair state's foreign minister says in public that a settlement comes nearer
    "optimistic_statements": (
        ("2015-05-25", "strengthening optimism"),
        ("2015-07-17", "room for progress"),
        ("2017-11-20", "Lavrov visits"),
        ("2018-10-15", "positive impulse"),
    ),
    # the governments agree on or allow something that prepares people: visits of journalists and of families
    "preparation_steps": (
        ("2019-01-16", "ready their people"),
        ("2019-04-15", "trust-building"),
        ("2019-11-18", "reporters trade"),
    ),
    "prisoner_releases": (
        ("2019-02-02", "detainee"),
        ("2019-06-28", "swap prisoners"),
    ),
    "ceasefires": (("2016-04-02", "before ceasefire"),),
    # Russian president, prime minister or foreign minister meets, calls or publicly urges the parties
    "russian_diplomacy": (
        ("2015-04-08", "urges compromise"),
        ("2015-05-25", "strengthening optimism"),
        ("2015-07-17", "room for progress"),
        ("2015-09-01", "common ground"),
        ("2015-09-03", "thanks Putin"),
        ("2015-11-09", "Lavrov visits"),
        ("2016-03-10", "Putin talks"),
        ("2016-04-05", "Putin"),
        ("2016-04-06", "Lavrov holds"),
        ("2016-04-07", "Medvedev"),
        ("2016-04-22", "Lavrov"),
        ("2016-06-20", "Putin hosts"),
        ("2016-07-04", "Lavrov"),
        ("2016-07-12", "Lavrov"),
        ("2016-08-08", "Russia urged"),
        ("2016-12-08", "Lavrov meets"),
        ("2017-01-24", "Lavrov"),
        ("2017-03-06", "Lavrov"),
        ("2017-03-15", "Putin"),
        ("2017-04-28", "2016 accords"),
        ("2017-07-21", "Putin hosts"),
        ("2017-09-23", "ahead of peace summit"),
        ("2017-11-20", "Lavrov visits"),
        ("2018-01-15", "Lavrov"),
        ("2018-04-26", "Lavrov"),
        ("2018-06-13", "Putin meets"),
        ("2019-04-15", "trust-building"),
        ("2019-11-10", "Lavrov"),
        ("2020-04-21", "Lavrov"),
    ),
    # United States at cabinet level or above, or its own co-chair acting alone
    "us_diplomacy": (
        ("2015-05-05", "U.S. Co-Chair"),
        ("2015-06-10", "U.S. Co-Chair"),
        ("2016-03-31", "U.S. officials"),
        ("2016-07-07", "NATO summit"),
        ("2017-03-24", "U.S. Co-Chair"),
        ("2017-07-09", "Tillerson"),
        ("2018-10-24", "Bolton"),
    ),
    # an act of the Turkish government for Azerbaijan, not a party's allegation of one
    "turkish_backing": (("2017-10-31", "open wound"),),
    # a loan for arms, or the first delivery of a major system
    "russian_arms_armenia": (
        ("2015-07-02", "arms deal"),
        ("2017-10-12", "arms deal"),
        ("2019-12-27", "fighter jets"),
    ),
    # outside the mediators and their states
    "mediation_offers": (("2018-08-24", "Merkel"),),
    "outside_calls": (
        ("2015-02-04", "Russian general"),  # the alliance's secretary general
        ("2015-02-07", "Co-Chairs"),  # the OSCE's chairman
    ),
    # elections, a referendum, an inauguration in the de facto entity
    "nkr_elections": (
        ("2015-05-03", "Parliamentary poll"),
        ("2015-09-13", "local elections"),
        ("2017-02-20", "referendum"),
        ("2017-07-19", "re-elects"),
        ("2019-09-06", "local elections"),
        ("2020-03-31", "despite pandemic"),
        ("2020-05-21", "swears in"),
    ),
    # an appointment, a dismissal or arrests near the top of the state, or parliament dissolved
    "elite_changes_aze": (
        ("2017-02-22", "Mehriban"),
        ("2017-05-07", "spy scandal"),
        ("2019-10-21", "Mehdiyev"),
        ("2019-12-05", "snap parliamentary"),
        ("2020-05-13", "detained"),
    ),
    # a wave of protests in Armenia, once
    "protest_arm": (
        ("2015-06-22", "Electric Yerevan"),
        ("2016-07-17", "Armed men"),
        ("2017-11-08", "army service"),
        ("2018-04-15", "Velvet"),
    ),
    "large_rally_yerevan": (("2018-04-15", "Velvet"),),
    "leader_exit_arm": (("2018-04-15", "Velvet"),),
}

# Rows whose text dates the counted act itself: it stands on that day, not on the row's first day.
COUNTED_ON: Mapping[tuple[str, str, str], str] = {
    ("tangible_steps", "2016-04-02", "before ceasefire"): "2016-04-05",
    ("ceasefires", "2016-04-02", "before ceasefire"): "2016-04-05",
    ("protest_arm", "2016-07-17", "Armed men"): "2016-07-29",
    ("russian_diplomacy", "2017-09-23", "ahead of peace summit"): "2017-09-21",
    ("large_rally_yerevan", "2018-04-15", "Velvet"): "2018-04-22",
    ("minsk_contacts", "2020-03-18", "suspends monitoring"): "2020-03-19",
}
