-- Incompatible duties, as `organization/rules/duties.py` says: who goes round the service is refused here.

CREATE FUNCTION organization_are_apart(duty text, other text) RETURNS boolean
LANGUAGE sql IMMUTABLE SET search_path = public, pg_temp AS $$
    WITH known (name, family, part) AS (VALUES
        ('finance', 'money', 'money'), ('finance_approval', 'money', 'money'), ('cashier', 'money', 'money'),
        ('audit', 'audit', 'audit'),
        ('system', 'office', 'office'), ('security', 'office', 'office'), ('trail', 'office', 'office'),
        ('relief', 'business', 'relief'), ('relief_check', 'business', 'relief'),
        ('policy', 'business', 'policy'), ('policy_check', 'business', 'policy'),
        ('review_first', 'business', 'review'), ('review_second', 'business', 'review'),
        ('review_final', 'business', 'review')
    ), pair AS (
        SELECT coalesce(one.family, 'business') <> coalesce(two.family, 'business') AS strangers,
               coalesce(one.part = two.part, false) AS same_part
          FROM (VALUES (duty, other)) asked (one, two)
          LEFT JOIN known one ON one.name = asked.one
          LEFT JOIN known two ON two.name = asked.two
    )
    SELECT duty <> other AND (strangers OR same_part) FROM pair
$$;

-- The lock on the person makes two assignments at once wait for one another.
CREATE FUNCTION organization_check_assignment() RETURNS trigger
LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
DECLARE
    held text;
BEGIN
    PERFORM 1 FROM organization_staff WHERE id = NEW.staff_id FOR NO KEY UPDATE;
    SELECT duty INTO held FROM organization_dutyassignment other
     WHERE other.staff_id = NEW.staff_id AND other.id IS DISTINCT FROM NEW.id
       AND daterange(other.valid_from, other.valid_until) && daterange(NEW.valid_from, NEW.valid_until)
       AND organization_are_apart(other.duty, NEW.duty)
     LIMIT 1;
    IF held IS NOT NULL THEN
        RAISE EXCEPTION '岗位 % 与 % 不相容，不能由一人兼任。', NEW.duty, held
            USING ERRCODE = 'check_violation', CONSTRAINT = 'duties_stay_apart';
    END IF;
    RETURN NEW;
END
$$;

CREATE TRIGGER duties_stay_apart BEFORE INSERT OR UPDATE ON organization_dutyassignment
    FOR EACH ROW EXECUTE FUNCTION organization_check_assignment();
ALTER TABLE organization_dutyassignment ENABLE ALWAYS TRIGGER duties_stay_apart;

-- Refuses whoever does not hold one of the duties today or is suspended. The share locks make a withdrawal wait for the
-- deed, or the deed for the withdrawal, which then counts.
CREATE FUNCTION organization_require_duty(who bigint, duties text[]) RETURNS void
LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
DECLARE
    today date := (now() AT TIME ZONE 'Asia/Shanghai')::date;
BEGIN
    PERFORM 1 FROM organization_staff WHERE id = who AND is_active FOR SHARE;
    IF NOT FOUND THEN
        RAISE EXCEPTION '账号已停用，不能办理。' USING ERRCODE = 'check_violation', CONSTRAINT = 'duty_is_held';
    END IF;
    PERFORM 1 FROM organization_dutyassignment
      WHERE staff_id = who AND duty = ANY (duties)
        AND valid_from <= today AND (valid_until IS NULL OR valid_until > today)
        FOR SHARE;
    IF NOT FOUND THEN
        RAISE EXCEPTION '办理人没有所需的岗位（%）。', array_to_string(duties, '、')
            USING ERRCODE = 'check_violation', CONSTRAINT = 'duty_is_held';
    END IF;
END
$$;

-- A row stays in its area. Only the service whose deed the move is says so beforehand, for one table and its transaction.
CREATE FUNCTION walls_refuse_move() RETURNS trigger
LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
BEGIN
    IF current_setting('walls.moving', true) IS DISTINCT FROM TG_TABLE_NAME::text THEN
        RAISE EXCEPTION '% 的记录不能改换区划。', TG_TABLE_NAME
            USING ERRCODE = 'restrict_violation', CONSTRAINT = 'area_stays';
    END IF;
    RETURN NEW;
END
$$;

CREATE PROCEDURE walls_keep_area(kept regclass, owning name DEFAULT 'area_id')
LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
BEGIN
    EXECUTE format('CREATE TRIGGER area_stays BEFORE UPDATE OF %2$I ON %1$s FOR EACH ROW '
                   'WHEN (OLD.%2$I IS DISTINCT FROM NEW.%2$I) EXECUTE FUNCTION walls_refuse_move()', kept, owning);
    EXECUTE format('ALTER TABLE %s ENABLE ALWAYS TRIGGER area_stays', kept);
END
$$;
