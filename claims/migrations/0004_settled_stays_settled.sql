-- What was computed or sealed stays: a new adjudication is a new version, a change after settlement is a difference.

CREATE FUNCTION claims_refuse_change() RETURNS trigger
LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
BEGIN
    RAISE EXCEPTION '%只增不改，不得%。', TG_ARGV[0], CASE TG_OP WHEN 'UPDATE' THEN '修改' ELSE '删除' END
        USING ERRCODE = 'restrict_violation';
END
$$;

-- A version may only cease to be the current one.
CREATE FUNCTION claims_check_adjudication() RETURNS trigger
LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
DECLARE
    former claims_adjudication := OLD;
BEGIN
    former.is_current := false;
    IF NEW.is_current OR former IS DISTINCT FROM NEW THEN
        RAISE EXCEPTION '核算结果只增不改，请重算另起一版。' USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END
$$;

-- The seal is set once; what was sealed or approved is never unset or exchanged.
CREATE FUNCTION claims_check_run() RETURNS trigger
LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
BEGIN
    IF (OLD.seal_sha256 <> '' AND (NEW.seal_sha256, NEW.payment_list) IS DISTINCT FROM (OLD.seal_sha256, OLD.payment_list))
       OR (OLD.approved_by_id IS NOT NULL
           AND (NEW.approved_by_id, NEW.approved_at, NEW.approved_sha256)
               IS DISTINCT FROM (OLD.approved_by_id, OLD.approved_at, OLD.approved_sha256))
       OR (NEW.month, NEW.run_id, NEW.area_id, NEW.deposit_rate, NEW.opened_by_id)
           IS DISTINCT FROM (OLD.month, OLD.run_id, OLD.area_id, OLD.deposit_rate, OLD.opened_by_id) THEN
        RAISE EXCEPTION '% 月结算已封存，不得修改。', OLD.month USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END
$$;

-- A statement may only be added while its month is being computed.
CREATE FUNCTION claims_check_statement() RETURNS trigger
LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
BEGIN
    IF EXISTS (SELECT 1 FROM claims_settlementrun WHERE id = NEW.run_id AND seal_sha256 <> '') THEN
        RAISE EXCEPTION '本月结算已封存，不得再添结算单。' USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END
$$;

-- A claim that was taken into a settlement is settled once and by one version.
CREATE FUNCTION claims_check_claim() RETURNS trigger
LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
BEGIN
    IF OLD.settlement_run_id IS NOT NULL
       AND (NEW.settlement_run_id, NEW.settled_version) IS DISTINCT FROM (OLD.settlement_run_id, OLD.settled_version) THEN
        RAISE EXCEPTION '单据 % 已结算，不得再结。', OLD.number USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END
$$;

CREATE TRIGGER adjudication_stays BEFORE UPDATE ON claims_adjudication
    FOR EACH ROW EXECUTE FUNCTION claims_check_adjudication();
CREATE TRIGGER adjudication_is_not_deleted BEFORE DELETE ON claims_adjudication
    FOR EACH ROW EXECUTE FUNCTION claims_refuse_change('核算结果');
CREATE TRIGGER adjudications_are_not_emptied BEFORE TRUNCATE ON claims_adjudication
    FOR EACH STATEMENT EXECUTE FUNCTION claims_refuse_change('核算结果');

CREATE TRIGGER run_keeps_its_seal BEFORE UPDATE ON claims_settlementrun
    FOR EACH ROW EXECUTE FUNCTION claims_check_run();
CREATE TRIGGER run_stays BEFORE DELETE ON claims_settlementrun
    FOR EACH ROW EXECUTE FUNCTION claims_refuse_change('结算批次');
CREATE TRIGGER runs_are_not_emptied BEFORE TRUNCATE ON claims_settlementrun
    FOR EACH STATEMENT EXECUTE FUNCTION claims_refuse_change('结算批次');

CREATE TRIGGER statement_in_time BEFORE INSERT ON claims_settlement
    FOR EACH ROW EXECUTE FUNCTION claims_check_statement();
CREATE TRIGGER statement_stays BEFORE UPDATE OR DELETE ON claims_settlement
    FOR EACH ROW EXECUTE FUNCTION claims_refuse_change('结算单');
CREATE TRIGGER statements_are_not_emptied BEFORE TRUNCATE ON claims_settlement
    FOR EACH STATEMENT EXECUTE FUNCTION claims_refuse_change('结算单');
CREATE TRIGGER statement_line_stays BEFORE UPDATE OR DELETE ON claims_settlementline
    FOR EACH ROW EXECUTE FUNCTION claims_refuse_change('结算单行');
CREATE TRIGGER statement_lines_are_not_emptied BEFORE TRUNCATE ON claims_settlementline
    FOR EACH STATEMENT EXECUTE FUNCTION claims_refuse_change('结算单行');

CREATE TRIGGER claim_is_settled_once BEFORE UPDATE OF settlement_run_id, settled_version ON claims_claim
    FOR EACH ROW EXECUTE FUNCTION claims_check_claim();

ALTER TABLE claims_adjudication ENABLE ALWAYS TRIGGER adjudication_stays;
ALTER TABLE claims_adjudication ENABLE ALWAYS TRIGGER adjudication_is_not_deleted;
ALTER TABLE claims_adjudication ENABLE ALWAYS TRIGGER adjudications_are_not_emptied;
ALTER TABLE claims_settlementrun ENABLE ALWAYS TRIGGER run_keeps_its_seal;
ALTER TABLE claims_settlementrun ENABLE ALWAYS TRIGGER run_stays;
ALTER TABLE claims_settlementrun ENABLE ALWAYS TRIGGER runs_are_not_emptied;
ALTER TABLE claims_settlement ENABLE ALWAYS TRIGGER statement_in_time;
ALTER TABLE claims_settlement ENABLE ALWAYS TRIGGER statement_stays;
ALTER TABLE claims_settlement ENABLE ALWAYS TRIGGER statements_are_not_emptied;
ALTER TABLE claims_settlementline ENABLE ALWAYS TRIGGER statement_line_stays;
ALTER TABLE claims_settlementline ENABLE ALWAYS TRIGGER statement_lines_are_not_emptied;
ALTER TABLE claims_claim ENABLE ALWAYS TRIGGER claim_is_settled_once;
