-- Whether a month still takes claims is asked once a statement, not once a row: behind the wall each question asks who
-- acts, and to freeze a month is one statement over all its claims.
CREATE OR REPLACE FUNCTION claims_check_claim() RETURNS trigger
LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
BEGIN
    IF (NEW.settlement_run_id, NEW.settled_version, NEW.institution_id, NEW.number, NEW.person_id, NEW.area_id, NEW.year,
        NEW.sequence, NEW.total, NEW.received_month)
       IS DISTINCT FROM
       (OLD.settlement_run_id, OLD.settled_version, OLD.institution_id, OLD.number, OLD.person_id, OLD.area_id, OLD.year,
        OLD.sequence, OLD.total, OLD.received_month) THEN
        RAISE EXCEPTION '单据 % 已结算，不得修改。', OLD.number USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END
$$;
DROP TRIGGER claim_is_settled_once ON claims_claim;
CREATE TRIGGER claim_is_settled_once BEFORE UPDATE ON claims_claim
    FOR EACH ROW WHEN (OLD.settlement_run_id IS NOT NULL) EXECUTE FUNCTION claims_check_claim();
ALTER TABLE claims_claim ENABLE ALWAYS TRIGGER claim_is_settled_once;

-- Nobody leaves a month or changes it, says the trigger above: a month with more claims than before was joined. It is
-- counted, not joined by key, since a plan once made for one row would be kept for a hundred thousand.
CREATE FUNCTION claims_check_joined() RETURNS trigger
LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
BEGIN
    IF EXISTS (
        SELECT 1
          FROM (
              SELECT settlement_run_id
                FROM (
                    SELECT settlement_run_id, 1 AS claims FROM present
                    UNION ALL
                    SELECT settlement_run_id, -1 FROM former
                ) counted
               WHERE settlement_run_id IS NOT NULL
               GROUP BY settlement_run_id HAVING sum(claims) > 0
          ) joined
          LEFT JOIN claims_settlementrun run ON run.id = joined.settlement_run_id AND run.stage = 'computing'
         WHERE run.id IS NULL
    ) THEN
        RAISE EXCEPTION '单据不能归入已封存的月份。' USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NULL;
END
$$;
CREATE TRIGGER claims_join_an_open_month AFTER UPDATE ON claims_claim
    REFERENCING OLD TABLE AS former NEW TABLE AS present
    FOR EACH STATEMENT EXECUTE FUNCTION claims_check_joined();
ALTER TABLE claims_claim ENABLE ALWAYS TRIGGER claims_join_an_open_month;
