"""What two laws do to the same claims, added up: plain Python over flat rows of integers, compiled as it stands.

Where each fen of what is eligible goes (`bureau.simulation.terms.Part`): what major illness and relief pay is taken
back from what the person would bear, from above the cap, above the limit, the share, the deductible, in this order.
So the parts add up to the eligible amount, claim by claim, and each part has the one citation that decided it.
"""

from __future__ import annotations

from bureau.policy.rules.layout import (
    BAND_COUNT,
    BENEFIT_COLUMNS,
    COVERED,
    DEDUCTIBLE,
    LIMIT,
    POOLED_CAP,
    PREPAYMENT,
    PROTECTION_COLUMNS,
    RATIO,
    RELIEF_RATIO,
    SPECIAL_SHARE,
)
from claims.rules.kernel import (
    CELL,
    CLAIM_COLUMNS,
    ELIGIBLE,
    OUT_ASSISTANCE,
    OUT_BURDEN,
    OUT_DEDUCTIBLE,
    OUT_MAJOR,
    OUT_POOLED,
    OUT_PREPAY,
    PROTECTION,
    RESULT_COLUMNS,
    T_IN_SCOPE,
    T_PAID,
    T_RAW,
    T_RELIEF_ORDINARY,
    T_SPECIAL,
    TOTAL,
    TRACE_COLUMNS,
    Integers,
)

# The parts, in the order of `terms.Part`; of each group of claims a row of them under each law.
UNCOVERED = 0
PREPAY = 1
OWN_DEDUCTIBLE = 2
SHARE = 3
ABOVE_LIMIT = 4
ABOVE_CAP = 5
POOLED = 6
MAJOR = 7
ASSISTANCE = 8
PARTS = 9

# Of each group what does not depend on the law, and what the change of law does.
CLAIMS = 0
SUM_TOTAL = 1
SUM_ELIGIBLE = 2
CLAIMS_GAINING = 3
CLAIM_GAINS = 4
CLAIMS_LOSING = 5
CLAIM_LOSSES = 6
PERSONS = 7
PERSONS_GAINING = 8
PERSON_GAINS = 9
PERSONS_LOSING = 10
PERSON_LOSSES = 11
COUNTS = 12


def tally_parts(
    groups: Integers,
    schemes: Integers,
    claims: Integers,
    results: Integers,
    trace: Integers,
    benefits: Integers,
    benefits_cited: Integers,
    protections_cited: Integers,
    parts: Integers,
    clauses: Integers,
) -> None:
    """Add the claims' parts to their groups (`parts`) and to the citations that decided them (`clauses`).

    `clauses` holds for each scheme and part a row over all citations, the first place for "none".
    """
    width = len(clauses) // (2 * PARTS)
    for number in range(len(groups)):
        claim, result, row = number * CLAIM_COLUMNS, number * RESULT_COLUMNS, number * TRACE_COLUMNS
        cell = claims[claim + CELL] * BENEFIT_COLUMNS
        group = groups[number] * PARTS
        clause = schemes[groups[number]] * PARTS * width
        eligible = claims[claim + ELIGIBLE]
        if benefits[cell + COVERED] == 0:
            # A ratio of nothing is why, where there is one; else the line that says "not covered".
            cited = benefits_cited[cell + RATIO]
            if cited < 0:
                cited = benefits_cited[cell + COVERED]
            parts[group + UNCOVERED] += eligible
            clauses[clause + UNCOVERED * width + cited + 1] += eligible
            continue
        protection = claims[claim + PROTECTION] * PROTECTION_COLUMNS
        pooled = results[result + OUT_POOLED]
        major = results[result + OUT_MAJOR]
        assistance = results[result + OUT_ASSISTANCE]
        deductible = results[result + OUT_DEDUCTIBLE]
        share = trace[row + T_IN_SCOPE] - deductible - trace[row + T_RAW]
        above_limit = trace[row + T_RAW] - trace[row + T_PAID]
        above_cap = trace[row + T_PAID] - pooled

        back = major + assistance
        taken = min(back, above_cap)
        above_cap, back = above_cap - taken, back - taken
        taken = min(back, above_limit)
        above_limit, back = above_limit - taken, back - taken
        taken = min(back, share)
        share, back = share - taken, back - taken
        deductible -= back

        prepay = results[result + OUT_PREPAY]
        parts[group + PREPAY] += prepay
        parts[group + OWN_DEDUCTIBLE] += deductible
        parts[group + SHARE] += share
        parts[group + ABOVE_LIMIT] += above_limit
        parts[group + ABOVE_CAP] += above_cap
        parts[group + POOLED] += pooled
        parts[group + MAJOR] += major
        parts[group + ASSISTANCE] += assistance
        ratio = benefits_cited[cell + RATIO] + 1
        clauses[clause + PREPAY * width + benefits_cited[cell + PREPAYMENT] + 1] += prepay
        clauses[clause + OWN_DEDUCTIBLE * width + benefits_cited[cell + DEDUCTIBLE] + 1] += deductible
        clauses[clause + SHARE * width + ratio] += share
        clauses[clause + ABOVE_LIMIT * width + benefits_cited[cell + LIMIT] + 1] += above_limit
        clauses[clause + ABOVE_CAP * width + benefits_cited[cell + POOLED_CAP] + 1] += above_cap
        clauses[clause + POOLED * width + ratio] += pooled
        clauses[clause + MAJOR * width + protections_cited[protection + BAND_COUNT] + 1] += major
        relief = protections_cited[protection + RELIEF_RATIO] + 1
        if trace[row + T_SPECIAL] > trace[row + T_RELIEF_ORDINARY]:
            relief = benefits_cited[cell + SPECIAL_SHARE] + 1
        clauses[clause + ASSISTANCE * width + relief] += assistance


def tally_changes(
    starts: Integers,
    groups: Integers,
    claims: Integers,
    before: Integers,
    after: Integers,
    counts: Integers,
    gains: Integers,
) -> None:
    """Add to each group how many claims and person-years gain and lose, and how much; `gains` is per person-year.

    A person-year counts in the group of its last claim.
    """
    for year in range(len(starts) - 1):
        whole = 0
        group = 0
        for number in range(starts[year], starts[year + 1]):
            group = groups[number] * COUNTS
            burden = number * RESULT_COLUMNS + OUT_BURDEN
            gain = before[burden] - after[burden]
            whole += gain
            counts[group + CLAIMS] += 1
            counts[group + SUM_TOTAL] += claims[number * CLAIM_COLUMNS + TOTAL]
            counts[group + SUM_ELIGIBLE] += claims[number * CLAIM_COLUMNS + ELIGIBLE]
            if gain > 0:
                counts[group + CLAIMS_GAINING] += 1
                counts[group + CLAIM_GAINS] += gain
            elif gain < 0:
                counts[group + CLAIMS_LOSING] += 1
                counts[group + CLAIM_LOSSES] -= gain
        gains[year] = whole
        counts[group + PERSONS] += 1
        if whole > 0:
            counts[group + PERSONS_GAINING] += 1
            counts[group + PERSON_GAINS] += whole
        elif whole < 0:
            counts[group + PERSONS_LOSING] += 1
            counts[group + PERSON_LOSSES] -= whole
