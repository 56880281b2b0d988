-- A payment order changes its stage, and who paid and who booked are noted once, with the stage they brought about.

CREATE OR REPLACE FUNCTION funds_check_payment_order() RETURNS trigger
LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
DECLARE
    former funds_paymentorder := OLD;
BEGIN
    former.stage := NEW.stage;
    IF OLD.stage = 'ordered' AND NEW.stage = 'exported' THEN
        former.paid_by_id := NEW.paid_by_id;
    ELSIF OLD.stage = 'exported' AND NEW.stage IN ('confirmed', 'returned') THEN
        former.booked_by_id := NEW.booked_by_id;
    END IF;
    IF former IS DISTINCT FROM NEW THEN
        RAISE EXCEPTION '付款单 % 已生成，只能变更状态。', OLD.reference USING ERRCODE = 'restrict_violation';
    END IF;
    IF NEW.stage <> OLD.stage AND (OLD.stage, NEW.stage) NOT IN (
        ('ordered', 'exported'), ('exported', 'confirmed'), ('exported', 'returned')
    ) THEN
        RAISE EXCEPTION '付款单 % 不能由 % 变为 %。', OLD.reference, OLD.stage, NEW.stage
            USING ERRCODE = 'restrict_violation';
    END IF;
    IF NEW.stage = 'exported' AND OLD.stage = 'ordered' THEN
        PERFORM organization_require_duty(NEW.paid_by_id, ARRAY['cashier']);
    ELSIF NEW.stage IN ('confirmed', 'returned') AND OLD.stage = 'exported' THEN
        PERFORM organization_require_duty(NEW.booked_by_id, ARRAY['finance']);
    END IF;
    RETURN NEW;
END
$$;

CALL walls_keep_area('funds_entry');
CALL walls_keep_area('funds_paymentorder');

-- What is new is ordered; nobody has paid it.
CREATE FUNCTION funds_begin_as_ordered() RETURNS trigger
LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
BEGIN
    IF NEW.stage <> 'ordered' OR NEW.paid_by_id IS NOT NULL OR NEW.booked_by_id IS NOT NULL THEN
        RAISE EXCEPTION '付款单 % 须从待付开始。', NEW.reference USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END
$$;
CREATE TRIGGER payment_order_begins BEFORE INSERT ON funds_paymentorder
    FOR EACH ROW EXECUTE FUNCTION funds_begin_as_ordered();
ALTER TABLE funds_paymentorder ENABLE ALWAYS TRIGGER payment_order_begins;
