-- What the books refuse by themselves, whoever asks (reliability.md, I1, I3, I4, I6):
-- entries that do not balance, postings that come late or belong to another fund, and every change of what stands.
-- A fixed search_path keeps a temporary table from standing in for a book.

CREATE FUNCTION funds_refuse_change() RETURNS trigger
LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
BEGIN
    RAISE EXCEPTION '账簿只增不改：%不得%，请以红字冲销。', TG_ARGV[0],
        CASE TG_OP WHEN 'UPDATE' THEN '修改' ELSE '删除' END
        USING ERRCODE = 'restrict_violation';
END
$$;

-- Decision 23: the transaction's own number is stored with the entry; xmin would fail inside savepoints.
CREATE FUNCTION funds_stamp_entry() RETURNS trigger
LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
BEGIN
    NEW.transaction_id := pg_current_xact_id()::text::bigint;
    RETURN NEW;
END
$$;

CREATE FUNCTION funds_check_posting() RETURNS trigger
LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
DECLARE
    entry_fund text;
    entry_transaction bigint;
    account_fund text;
BEGIN
    SELECT fund, transaction_id INTO entry_fund, entry_transaction FROM funds_entry WHERE id = NEW.entry_id;
    IF entry_transaction IS DISTINCT FROM pg_current_xact_id()::text::bigint THEN
        RAISE EXCEPTION '凭证已经记账，不得再添分录。' USING ERRCODE = 'restrict_violation';
    END IF;
    SELECT fund INTO account_fund FROM funds_account WHERE code = NEW.account_id;
    IF account_fund IS DISTINCT FROM entry_fund THEN
        RAISE EXCEPTION '科目 % 不属于凭证的基金 %。', NEW.account_id, entry_fund USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END
$$;

CREATE FUNCTION funds_check_entry() RETURNS trigger
LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
DECLARE
    debit numeric;
    credit numeric;
    lines bigint;
BEGIN
    SELECT coalesce(sum(amount) FILTER (WHERE direction = 'debit'), 0),
           coalesce(sum(amount) FILTER (WHERE direction = 'credit'), 0),
           count(*)
      INTO debit, credit, lines
      FROM funds_posting WHERE entry_id = NEW.id;
    IF debit <> NEW.total OR credit <> NEW.total OR lines <> NEW.posting_count THEN
        RAISE EXCEPTION '凭证 % 借贷不平：借 %，贷 %，合计 %，分录 % 条（应 % 条）。',
            NEW.reference, debit, credit, NEW.total, lines, NEW.posting_count
            USING ERRCODE = 'check_violation';
    END IF;
    IF NEW.reverses_id IS NOT NULL AND EXISTS (
        (SELECT account_id, CASE direction WHEN 'debit' THEN 'credit' ELSE 'debit' END, amount
           FROM funds_posting WHERE entry_id = NEW.reverses_id
         EXCEPT ALL
         SELECT account_id, direction, amount FROM funds_posting WHERE entry_id = NEW.id)
        UNION ALL
        (SELECT account_id, direction, amount FROM funds_posting WHERE entry_id = NEW.id
         EXCEPT ALL
         SELECT account_id, CASE direction WHEN 'debit' THEN 'credit' ELSE 'debit' END, amount
           FROM funds_posting WHERE entry_id = NEW.reverses_id)
    ) THEN
        RAISE EXCEPTION '红字凭证 % 与所冲销的凭证不一致。', NEW.reference USING ERRCODE = 'check_violation';
    END IF;
    RETURN NULL;
END
$$;

CREATE TRIGGER entry_is_stamped BEFORE INSERT ON funds_entry
    FOR EACH ROW EXECUTE FUNCTION funds_stamp_entry();
CREATE TRIGGER entry_stays BEFORE UPDATE OR DELETE ON funds_entry
    FOR EACH ROW EXECUTE FUNCTION funds_refuse_change('凭证');
CREATE TRIGGER entries_are_not_emptied BEFORE TRUNCATE ON funds_entry
    FOR EACH STATEMENT EXECUTE FUNCTION funds_refuse_change('凭证');
CREATE CONSTRAINT TRIGGER entry_balances AFTER INSERT ON funds_entry
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION funds_check_entry();

CREATE TRIGGER posting_is_in_time BEFORE INSERT ON funds_posting
    FOR EACH ROW EXECUTE FUNCTION funds_check_posting();
CREATE TRIGGER posting_stays BEFORE UPDATE OR DELETE ON funds_posting
    FOR EACH ROW EXECUTE FUNCTION funds_refuse_change('分录');
CREATE TRIGGER postings_are_not_emptied BEFORE TRUNCATE ON funds_posting
    FOR EACH STATEMENT EXECUTE FUNCTION funds_refuse_change('分录');

-- A payment order changes its stage and nothing else, and only forwards.
CREATE FUNCTION funds_check_payment_order() RETURNS trigger
LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
DECLARE
    former funds_paymentorder := OLD;
BEGIN
    former.stage := NEW.stage;
    IF former IS DISTINCT FROM NEW THEN
        RAISE EXCEPTION '付款单 % 已生成，只能变更状态。', OLD.reference USING ERRCODE = 'restrict_violation';
    END IF;
    IF NEW.stage <> OLD.stage AND (OLD.stage, NEW.stage) NOT IN (
        ('ordered', 'exported'), ('exported', 'confirmed'), ('exported', 'returned')
    ) THEN
        RAISE EXCEPTION '付款单 % 不能由 % 变为 %。', OLD.reference, OLD.stage, NEW.stage
            USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END
$$;

CREATE TRIGGER payment_order_moves_on BEFORE UPDATE ON funds_paymentorder
    FOR EACH ROW EXECUTE FUNCTION funds_check_payment_order();
CREATE TRIGGER payment_order_stays BEFORE DELETE ON funds_paymentorder
    FOR EACH ROW EXECUTE FUNCTION funds_refuse_change('付款单');
CREATE TRIGGER payment_orders_are_not_emptied BEFORE TRUNCATE ON funds_paymentorder
    FOR EACH STATEMENT EXECUTE FUNCTION funds_refuse_change('付款单');

-- Also where session_replication_role is set to replica.
ALTER TABLE funds_entry ENABLE ALWAYS TRIGGER entry_is_stamped;
ALTER TABLE funds_entry ENABLE ALWAYS TRIGGER entry_stays;
ALTER TABLE funds_entry ENABLE ALWAYS TRIGGER entries_are_not_emptied;
ALTER TABLE funds_entry ENABLE ALWAYS TRIGGER entry_balances;
ALTER TABLE funds_posting ENABLE ALWAYS TRIGGER posting_is_in_time;
ALTER TABLE funds_posting ENABLE ALWAYS TRIGGER posting_stays;
ALTER TABLE funds_posting ENABLE ALWAYS TRIGGER postings_are_not_emptied;
ALTER TABLE funds_paymentorder ENABLE ALWAYS TRIGGER payment_order_moves_on;
ALTER TABLE funds_paymentorder ENABLE ALWAYS TRIGGER payment_order_stays;
ALTER TABLE funds_paymentorder ENABLE ALWAYS TRIGGER payment_orders_are_not_emptied;

-- The application's role reads and adds; whoever else was granted more by default loses it here.
DO $$
DECLARE
    other text;
BEGIN
    FOR other IN
        SELECT DISTINCT grantee FROM information_schema.role_table_grants
         WHERE table_schema = 'public' AND table_name IN ('funds_entry', 'funds_posting')
           AND grantee NOT IN (current_user, 'PUBLIC')
    LOOP
        EXECUTE format('REVOKE UPDATE, DELETE, TRUNCATE, REFERENCES, TRIGGER ON funds_entry, funds_posting FROM %I', other);
        EXECUTE format('REVOKE DELETE, TRUNCATE, REFERENCES, TRIGGER ON funds_paymentorder FROM %I', other);
    END LOOP;
END
$$;
