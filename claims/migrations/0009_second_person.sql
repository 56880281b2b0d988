-- Who approves what (reliability.md, I17 and I18): an approval counts for one seal, by one person who may, and the month
-- moves on only when there are enough. What was sealed cannot be changed, so that no approval can outlive its content.

SELECT walls_state_system();
INSERT INTO claims_approval (run_id, seat, by_id, at, sha256)
SELECT id, 1, approved_by_id, approved_at, approved_sha256 FROM claims_settlementrun WHERE approved_by_id IS NOT NULL;

CALL walls_share('claims_approval');

-- The seat is the next one; the run is locked, so that two who approve at once get one seat each.
CREATE FUNCTION claims_check_approval() RETURNS trigger
LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
DECLARE
    run claims_settlementrun;
    taken int;
BEGIN
    SELECT * INTO run FROM claims_settlementrun WHERE id = NEW.run_id FOR UPDATE;
    IF run.stage IS DISTINCT FROM 'sealed' OR NEW.sha256 <> run.seal_sha256 THEN
        RAISE EXCEPTION '% 月结算没有以此指纹封存待审。', run.month USING ERRCODE = 'restrict_violation';
    END IF;
    IF NEW.by_id = run.opened_by_id THEN
        RAISE EXCEPTION '经办人不能审批自己的结算。'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'settlement_approver_is_not_maker';
    END IF;
    SELECT count(*) INTO taken FROM claims_approval WHERE run_id = run.id;
    IF NEW.seat <> taken + 1 THEN
        RAISE EXCEPTION '% 月结算现在轮到第 % 人审批。', run.month, taken + 1 USING ERRCODE = 'restrict_violation';
    END IF;
    PERFORM organization_require_duty(NEW.by_id, CASE NEW.seat WHEN 1 THEN ARRAY['finance_approval']
                                                              ELSE ARRAY['finance_approval', 'leader_city'] END);
    PERFORM 1 FROM organization_staff staff JOIN organization_area area ON area.code = staff.area_id
      WHERE staff.id = NEW.by_id AND area.level = 'city';
    IF NOT FOUND THEN
        RAISE EXCEPTION '月结算由市级审批。' USING ERRCODE = 'check_violation', CONSTRAINT = 'duty_is_held';
    END IF;
    RETURN NEW;
END
$$;
CREATE TRIGGER approval_is_due BEFORE INSERT ON claims_approval
    FOR EACH ROW EXECUTE FUNCTION claims_check_approval();
CREATE TRIGGER approval_stays BEFORE UPDATE OR DELETE ON claims_approval
    FOR EACH ROW EXECUTE FUNCTION claims_refuse_change('审批');
CREATE TRIGGER approvals_are_not_emptied BEFORE TRUNCATE ON claims_approval
    FOR EACH STATEMENT EXECUTE FUNCTION claims_refuse_change('审批');
ALTER TABLE claims_approval ENABLE ALWAYS TRIGGER approval_is_due;
ALTER TABLE claims_approval ENABLE ALWAYS TRIGGER approval_stays;
ALTER TABLE claims_approval ENABLE ALWAYS TRIGGER approvals_are_not_emptied;

-- A month begins empty and goes computing, sealed, approved, paying, each for its reason.
CREATE FUNCTION claims_check_move() RETURNS trigger
LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
DECLARE
    needed int;
    signed int;
    latest bigint;
BEGIN
    IF TG_OP = 'INSERT' THEN
        IF NEW.stage <> 'computing' OR NEW.seal_sha256 <> '' OR NEW.second_approval_from <= 0 THEN
            RAISE EXCEPTION '% 月结算须从计算开始。', NEW.month USING ERRCODE = 'restrict_violation';
        END IF;
        RETURN NEW;
    END IF;
    IF (NEW.second_approval_from, NEW.policy_sha256) IS DISTINCT FROM (OLD.second_approval_from, OLD.policy_sha256)
       OR (NEW.seal_sha256 <> OLD.seal_sha256 AND (OLD.stage, NEW.stage) <> ('computing', 'sealed'))
       OR (NEW.stage <> OLD.stage AND (OLD.stage, NEW.stage) NOT IN (
            ('computing', 'sealed'), ('sealed', 'approved'), ('approved', 'paying'))) THEN
        RAISE EXCEPTION '% 月结算不能这样变动。', OLD.month USING ERRCODE = 'restrict_violation';
    END IF;
    IF NEW.stage = OLD.stage THEN
        RETURN NEW;
    END IF;
    IF NEW.stage = 'sealed' THEN
        IF length(NEW.seal_sha256) <> 64 THEN
            RAISE EXCEPTION '% 月结算没有封存指纹。', OLD.month USING ERRCODE = 'restrict_violation';
        END IF;
        PERFORM claims_check_whole(OLD.id);
    ELSIF NEW.stage = 'approved' THEN
        SELECT CASE WHEN coalesce(sum(payable), 0) >= OLD.second_approval_from THEN 2 ELSE 1 END INTO needed
          FROM claims_settlement WHERE run_id = OLD.id;
        SELECT count(*), (array_agg(by_id ORDER BY seat DESC))[1] INTO signed, latest
          FROM claims_approval WHERE run_id = OLD.id AND sha256 = OLD.seal_sha256;
        IF signed < needed OR NEW.approved_by_id IS DISTINCT FROM latest THEN
            RAISE EXCEPTION '% 月结算须有 % 人审批，现有 % 人。', OLD.month, needed, signed
                USING ERRCODE = 'check_violation', CONSTRAINT = 'enough_people_approved';
        END IF;
    ELSIF EXISTS (SELECT 1 FROM funds_paymentorder WHERE seal_sha256 = OLD.seal_sha256 AND stage = 'ordered') THEN
        RAISE EXCEPTION '% 月结算还有付款单未导出。', OLD.month USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END
$$;

-- Every statement is what its lines say and counts exactly the claims that were frozen for its institution.
CREATE FUNCTION claims_check_whole(month_run bigint) RETURNS void
LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
BEGIN
    IF EXISTS (
        SELECT 1
          FROM claims_settlement statement
          FULL JOIN (SELECT institution_id, count(*) AS claims, sum(total) AS total FROM claims_claim
                      WHERE settlement_run_id = month_run GROUP BY institution_id) frozen
            ON frozen.institution_id = statement.institution_id
         WHERE coalesce(statement.run_id, month_run) = month_run
           AND (statement.run_id, statement.claim_count, statement.total)
               IS DISTINCT FROM (month_run, coalesce(frozen.claims, 0), coalesce(frozen.total, 0))
    ) OR EXISTS (
        SELECT 1
          FROM claims_settlement statement
          LEFT JOIN (SELECT settlement_id, sum(due) AS due, sum(deducted) AS deducted, sum(withheld) AS withheld,
                            sum(payable) AS payable FROM claims_settlementline GROUP BY settlement_id) line
            ON line.settlement_id = statement.id
         WHERE statement.run_id = month_run
           AND (statement.due, statement.deducted, statement.withheld, statement.payable) IS DISTINCT FROM
               (coalesce(line.due, 0), coalesce(line.deducted, 0), coalesce(line.withheld, 0), coalesce(line.payable, 0))
    ) THEN
        RAISE EXCEPTION '结算单与冻结的单据或结算单行不一致，不能封存。'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'sealed_as_frozen';
    END IF;
END
$$;
CREATE TRIGGER run_moves_on BEFORE INSERT OR UPDATE ON claims_settlementrun
    FOR EACH ROW EXECUTE FUNCTION claims_check_move();
ALTER TABLE claims_settlementrun ENABLE ALWAYS TRIGGER run_moves_on;

-- Lines and used differences belong to a statement that is being computed. The shared lock makes a seal wait.
CREATE FUNCTION claims_check_part() RETURNS trigger
LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
DECLARE
    stage text;
BEGIN
    SELECT run.stage INTO stage
      FROM claims_settlement statement JOIN claims_settlementrun run ON run.id = statement.run_id
     WHERE statement.id = NEW.settlement_id FOR SHARE OF run;
    IF stage IS DISTINCT FROM 'computing' THEN
        RAISE EXCEPTION '本月结算已封存，不得再添。' USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END
$$;
CREATE TRIGGER statement_line_in_time BEFORE INSERT ON claims_settlementline
    FOR EACH ROW EXECUTE FUNCTION claims_check_part();
CREATE TRIGGER difference_used_in_time BEFORE INSERT ON claims_adjustmentuse
    FOR EACH ROW EXECUTE FUNCTION claims_check_part();
CREATE TRIGGER used_difference_stays BEFORE UPDATE OR DELETE ON claims_adjustmentuse
    FOR EACH ROW EXECUTE FUNCTION claims_refuse_change('差额结算');
CREATE TRIGGER used_differences_are_not_emptied BEFORE TRUNCATE ON claims_adjustmentuse
    FOR EACH STATEMENT EXECUTE FUNCTION claims_refuse_change('差额结算');
ALTER TABLE claims_settlementline ENABLE ALWAYS TRIGGER statement_line_in_time;
ALTER TABLE claims_adjustmentuse ENABLE ALWAYS TRIGGER difference_used_in_time;
ALTER TABLE claims_adjustmentuse ENABLE ALWAYS TRIGGER used_difference_stays;
ALTER TABLE claims_adjustmentuse ENABLE ALWAYS TRIGGER used_differences_are_not_emptied;

CREATE OR REPLACE FUNCTION claims_check_statement() RETURNS trigger
LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
DECLARE
    present text;
BEGIN
    SELECT stage INTO present FROM claims_settlementrun WHERE id = NEW.run_id FOR SHARE;
    IF present <> 'computing' THEN
        RAISE EXCEPTION '本月结算已封存，不得再添结算单。' USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END
$$;

-- A difference says what was found; only its settling moves on, and only forwards.
CREATE FUNCTION claims_check_difference() RETURNS trigger
LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
DECLARE
    former claims_adjustment := OLD;
BEGIN
    former.settlement_run_id := NEW.settlement_run_id;
    former.stage := NEW.stage;
    IF former IS DISTINCT FROM NEW OR OLD.stage = 'settled' OR NEW.settlement_run_id IS NULL THEN
        RAISE EXCEPTION '差额只增不改。' USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END
$$;
CREATE TRIGGER difference_keeps_its_amount BEFORE UPDATE ON claims_adjustment
    FOR EACH ROW WHEN (OLD IS DISTINCT FROM NEW) EXECUTE FUNCTION claims_check_difference();
CREATE TRIGGER difference_stays BEFORE DELETE ON claims_adjustment
    FOR EACH ROW EXECUTE FUNCTION claims_refuse_change('差额');
CREATE TRIGGER differences_are_not_emptied BEFORE TRUNCATE ON claims_adjustment
    FOR EACH STATEMENT EXECUTE FUNCTION claims_refuse_change('差额');
ALTER TABLE claims_adjustment ENABLE ALWAYS TRIGGER difference_keeps_its_amount;
ALTER TABLE claims_adjustment ENABLE ALWAYS TRIGGER difference_stays;
ALTER TABLE claims_adjustment ENABLE ALWAYS TRIGGER differences_are_not_emptied;

-- A claim joins a month only while it is being computed. Whose it is and how much was billed then stays; what else was
-- wrong on it may be corrected, which makes a new version and a difference, never another settlement.
CREATE OR REPLACE FUNCTION claims_check_claim() RETURNS trigger
LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
DECLARE
BEGIN
    IF OLD.settlement_run_id IS NULL THEN
        IF NEW.settlement_run_id IS NOT NULL AND NOT EXISTS (
            SELECT 1 FROM claims_settlementrun WHERE id = NEW.settlement_run_id AND stage = 'computing') THEN
            RAISE EXCEPTION '单据 % 不能归入已封存的月份。', OLD.number USING ERRCODE = 'restrict_violation';
        END IF;
        RETURN NEW;
    END IF;
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
    FOR EACH ROW WHEN (OLD.settlement_run_id IS NOT NULL OR NEW.settlement_run_id IS NOT NULL)
    EXECUTE FUNCTION claims_check_claim();
CREATE FUNCTION claims_refuse_settled_claim() RETURNS trigger
LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
BEGIN
    RAISE EXCEPTION '已结算的单据不得%。', CASE TG_OP WHEN 'INSERT' THEN '直接录入' ELSE '删除' END
        USING ERRCODE = 'restrict_violation';
END
$$;
CREATE TRIGGER claim_is_not_born_settled BEFORE INSERT ON claims_claim
    FOR EACH ROW WHEN (NEW.settlement_run_id IS NOT NULL) EXECUTE FUNCTION claims_refuse_settled_claim();
CREATE TRIGGER settled_claim_stays BEFORE DELETE ON claims_claim
    FOR EACH ROW WHEN (OLD.settlement_run_id IS NOT NULL) EXECUTE FUNCTION claims_refuse_settled_claim();
CREATE TRIGGER claims_are_not_emptied BEFORE TRUNCATE ON claims_claim
    FOR EACH STATEMENT EXECUTE FUNCTION claims_refuse_settled_claim();
ALTER TABLE claims_claim ENABLE ALWAYS TRIGGER claim_is_settled_once;
ALTER TABLE claims_claim ENABLE ALWAYS TRIGGER claim_is_not_born_settled;
ALTER TABLE claims_claim ENABLE ALWAYS TRIGGER settled_claim_stays;
ALTER TABLE claims_claim ENABLE ALWAYS TRIGGER claims_are_not_emptied;

-- A payment is ordered for an approved month alone: its people, its seal, and the amount of its statement's lines.
CREATE FUNCTION claims_check_order() RETURNS trigger
LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
BEGIN
    IF NOT EXISTS (
        SELECT 1
          FROM claims_settlementrun run
          JOIN claims_settlement statement ON statement.run_id = run.id
          JOIN institutions_institution institution ON institution.id = statement.institution_id
         WHERE run.seal_sha256 = NEW.seal_sha256 AND run.stage = 'approved' AND run.month = NEW.month
           AND run.opened_by_id = NEW.made_by_id AND run.approved_by_id = NEW.approved_by_id
           AND NEW.reference = 'FK-' || substr(statement.number, 4) || '-' || NEW.fund
           AND institution.code = NEW.payee_code AND statement.area_id = NEW.area_id
           AND NEW.amount = (SELECT sum(line.payable) FROM claims_settlementline line
                              WHERE line.settlement_id = statement.id AND line.fund = NEW.fund)
    ) THEN
        RAISE EXCEPTION '付款单 % 与已审批的结算不符。', NEW.reference
            USING ERRCODE = 'check_violation', CONSTRAINT = 'order_is_approved';
    END IF;
    RETURN NEW;
END
$$;
CREATE TRIGGER payment_order_is_approved BEFORE INSERT ON funds_paymentorder
    FOR EACH ROW EXECUTE FUNCTION claims_check_order();

-- Whoever approved, in whichever seat, does not pay.
CREATE FUNCTION claims_check_payer() RETURNS trigger
LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
BEGIN
    IF EXISTS (SELECT 1 FROM claims_settlementrun run JOIN claims_approval approval ON approval.run_id = run.id
                WHERE run.seal_sha256 = NEW.seal_sha256 AND approval.by_id = NEW.paid_by_id) THEN
        RAISE EXCEPTION '审批人不能付款。'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'payer_is_neither_maker_nor_approver';
    END IF;
    RETURN NEW;
END
$$;
CREATE TRIGGER payer_did_not_approve BEFORE UPDATE ON funds_paymentorder
    FOR EACH ROW WHEN (OLD.paid_by_id IS DISTINCT FROM NEW.paid_by_id) EXECUTE FUNCTION claims_check_payer();
ALTER TABLE funds_paymentorder ENABLE ALWAYS TRIGGER payment_order_is_approved;
ALTER TABLE funds_paymentorder ENABLE ALWAYS TRIGGER payer_did_not_approve;

CALL walls_keep_area('claims_claim');
CALL walls_keep_area('claims_personyear');
CALL walls_keep_area('claims_adjudication');
CALL walls_keep_area('claims_claimrow');
CALL walls_keep_area('claims_settlement');
CALL walls_keep_area('claims_adjustment');
CALL walls_keep_area('claims_adjustmentuse');
CALL walls_keep_area('claims_settlementrun');
