"""The invariants between claims, statements, entries and payments; each by name with the number of faults."""

from __future__ import annotations

from django.db import connection

from claims.models import SettlementRun


def faults() -> dict[str, int]:
    """The invariants that the tables can answer, with their number of faults; all zero when all is well."""
    with connection.cursor() as cursor:
        found = {}
        for name, statement in _FAULTS.items():
            cursor.execute(statement)
            found[name] = int(cursor.fetchone()[0])
    return found


def sealed_runs() -> list[SettlementRun]:
    """The months whose seal must hold; the list is read when it is asked for, since it may prove to be unreadable."""
    return list(SettlementRun.objects.exclude(seal_sha256="").defer("payment_list").order_by("month"))


def runs() -> list[SettlementRun]:
    """Every month, sealed or not, without its list."""
    return list(SettlementRun.objects.defer("payment_list").order_by("month"))


def counts() -> dict[str, int]:
    """How much was checked."""
    with connection.cursor() as cursor:
        cursor.execute(_COUNTS)
        row = cursor.fetchone()
    return dict(zip(("settled_claims", "statements", "entries", "postings", "payment_orders"), row, strict=True))


_COUNTS = """
    SELECT (SELECT count(*) FROM claims_claim WHERE settlement_run_id IS NOT NULL),
           (SELECT count(*) FROM claims_settlement), (SELECT count(*) FROM funds_entry),
           (SELECT count(*) FROM funds_posting), (SELECT count(*) FROM funds_paymentorder)
"""
# Expected lines of each sealed statement: the frozen versions of its claims and the differences used in it.
_FAULTS = {
    "claims_equal_statements": """
        WITH borne AS (
            SELECT claim.settlement_run_id AS run_id, claim.institution_id, part.fund, adjudication.scheme,
                   sum(part.amount) AS amount
              FROM claims_claim claim
              JOIN claims_adjudication adjudication
                ON adjudication.claim_id = claim.id AND adjudication.version = claim.settled_version
             CROSS JOIN LATERAL (VALUES
                    (adjudication.scheme || '_pool', adjudication.pooled),
                    ('major_illness', adjudication.major_illness),
                    ('assistance', adjudication.assistance)
                  ) AS part(fund, amount)
             GROUP BY 1, 2, 3, 4
        ), used AS (
            SELECT statement.run_id, statement.institution_id, difference.fund, difference.scheme,
                   coalesce(sum(used.amount) FILTER (WHERE used.amount > 0), 0) AS owed,
                   coalesce(-sum(used.amount) FILTER (WHERE used.amount < 0), 0) AS taken_back
              FROM claims_adjustmentuse used
              JOIN claims_adjustment difference ON difference.id = used.adjustment_id
              JOIN claims_settlement statement ON statement.id = used.settlement_id
             GROUP BY 1, 2, 3, 4
        ), expected AS (
            SELECT run_id, institution_id, fund, scheme,
                   coalesce(borne.amount, 0) + coalesce(used.owed, 0) AS due, coalesce(used.taken_back, 0) AS deducted
              FROM borne FULL JOIN used USING (run_id, institution_id, fund, scheme)
        ), written AS (
            SELECT statement.run_id, statement.institution_id, line.fund, line.scheme, line.due, line.deducted
              FROM claims_settlementline line JOIN claims_settlement statement ON statement.id = line.settlement_id
        )
        SELECT count(*) FROM expected
          FULL JOIN written USING (run_id, institution_id, fund, scheme)
         WHERE run_id IN (SELECT id FROM claims_settlementrun WHERE seal_sha256 <> '')
           AND (coalesce(expected.due, 0) <> coalesce(written.due, 0)
                OR coalesce(expected.deducted, 0) <> coalesce(written.deducted, 0))
    """,
    "claim_counts_equal_statements": """
        SELECT count(*) FROM (
            SELECT settlement_run_id AS run_id, institution_id, count(*) AS claims, sum(total) AS total
              FROM claims_claim WHERE settlement_run_id IS NOT NULL GROUP BY 1, 2) frozen
          FULL JOIN claims_settlement statement USING (run_id, institution_id)
         WHERE run_id IN (SELECT id FROM claims_settlementrun WHERE seal_sha256 <> '')
           AND (coalesce(frozen.claims, 0) <> coalesce(statement.claim_count, 0)
                OR coalesce(frozen.total, 0) <> coalesce(statement.total, 0))
    """,
    "statements_equal_their_lines": """
        SELECT count(*) FROM claims_settlement statement
          LEFT JOIN (SELECT settlement_id, sum(due) AS due, sum(deducted) AS deducted, sum(withheld) AS withheld,
                            sum(payable) AS payable FROM claims_settlementline GROUP BY 1) lines
            ON lines.settlement_id = statement.id
         WHERE (statement.due, statement.deducted, statement.withheld, statement.payable)
            IS DISTINCT FROM (coalesce(lines.due, 0), coalesce(lines.deducted, 0), coalesce(lines.withheld, 0),
                              coalesce(lines.payable, 0))
    """,
    "no_claim_settled_twice": """
        SELECT count(*) FROM claims_claim claim
          JOIN claims_adjudication adjudication
            ON adjudication.claim_id = claim.id AND adjudication.version = claim.settled_version
          JOIN claims_adjudication present ON present.claim_id = claim.id AND present.is_current
          LEFT JOIN (SELECT claim_id, sum(amount) AS amount FROM claims_adjustment GROUP BY 1) difference
            ON difference.claim_id = claim.id
         WHERE claim.settlement_run_id IS NOT NULL
           AND adjudication.pooled + adjudication.major_illness + adjudication.assistance
               + coalesce(difference.amount, 0) <> present.pooled + present.major_illness + present.assistance
    """,
    "differences_not_used_beyond": """
        SELECT count(*) FROM (
            SELECT difference.id FROM claims_adjustment difference
              LEFT JOIN claims_adjustmentuse used ON used.adjustment_id = difference.id
             GROUP BY difference.id
            HAVING abs(coalesce(sum(used.amount), 0)) > abs(difference.amount)
                OR coalesce(sum(used.amount), 0) * difference.amount < 0
                OR (difference.stage = 'settled') <> (coalesce(sum(used.amount), 0) = difference.amount)) broken
    """,
    "statements_equal_postings": """
        WITH owed AS (
            SELECT statement.number || '/' || line.fund AS reference, line.fund,
                   sum(line.payable) AS payable, sum(line.withheld) AS withheld
              FROM claims_settlementline line
              JOIN claims_settlement statement ON statement.id = line.settlement_id
              JOIN claims_settlementrun run ON run.id = statement.run_id AND run.approved_by_id IS NOT NULL
             GROUP BY 1, 2 HAVING sum(line.payable) + sum(line.withheld) > 0
        ), booked AS (
            SELECT entry.reference, entry.fund,
                   coalesce(sum(posting.amount) FILTER (WHERE account.kind = 'payable' AND direction = 'credit'), 0)
                       AS payable,
                   coalesce(sum(posting.amount) FILTER (WHERE account.kind = 'deposit' AND direction = 'credit'), 0)
                       AS withheld,
                   coalesce(sum(posting.amount) FILTER (WHERE account.kind = 'expenditure' AND direction = 'debit'), 0)
                       AS spent
              FROM funds_entry entry JOIN funds_posting posting ON posting.entry_id = entry.id
              JOIN funds_account account ON account.code = posting.account_id
             WHERE entry.kind = 'settlement' GROUP BY 1, 2
        )
        SELECT count(*) FROM owed FULL JOIN booked USING (reference, fund)
         WHERE (owed.payable, owed.withheld, owed.payable + owed.withheld)
            IS DISTINCT FROM (booked.payable, booked.withheld, booked.spent)
    """,
    "payment_orders_equal_payable": """
        WITH owed AS (
            SELECT 'FK-' || substr(statement.number, 4) || '-' || line.fund AS reference, run.seal_sha256,
                   sum(line.payable) AS amount
              FROM claims_settlementline line
              JOIN claims_settlement statement ON statement.id = line.settlement_id
              JOIN claims_settlementrun run ON run.id = statement.run_id AND run.approved_by_id IS NOT NULL
             GROUP BY 1, 2 HAVING sum(line.payable) > 0
        )
        SELECT count(*) FROM owed FULL JOIN funds_paymentorder payment USING (reference, seal_sha256)
         WHERE owed.amount IS DISTINCT FROM payment.amount
    """,
    "nothing_posted_before_approval": """
        SELECT count(*) FROM funds_entry entry
         WHERE entry.kind = 'settlement' AND NOT EXISTS (
            SELECT 1 FROM claims_settlement statement JOIN claims_settlementrun run ON run.id = statement.run_id
             WHERE statement.number || '/' || entry.fund = entry.reference AND run.approved_by_id IS NOT NULL)
    """,
}
