-- A late fact: a retirement, a status, a recognition, a death that becomes known after a claim was adjudicated. The
-- person-years whose claims it touches wait for adjudication again, in the transaction that writes the fact. The apps
-- below need not know of claims, and no writer can forget it.

-- These person-years wait. Locked in the order of intake, so that nobody waits in a circle; never skipped because they
-- wait already: whoever is adjudicating one has read the former fact and would mark it done.
CREATE FUNCTION claims_await(people bigint[], years int[], because text) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    stated text := current_setting('walls.actor', true);
BEGIN
    IF people IS NULL THEN
        RETURN;
    END IF;
    -- The years of a person lie in every county in which he was insured.
    PERFORM walls_state_system();
    PERFORM 1 FROM claims_personyear WHERE (person_id, year) IN (SELECT * FROM unnest(people, years))
      ORDER BY person_id, year FOR UPDATE;
    UPDATE claims_personyear SET is_due = true, due_because = because
     WHERE (person_id, year) IN (SELECT * FROM unnest(people, years));
    PERFORM set_config('walls.actor', stated, true);
END
$$;
REVOKE ALL ON FUNCTION claims_await(bigint[], int[], text) FROM PUBLIC;

-- For tables of stretches (person_id, valid_from, valid_until). Arguments: the reason, and the columns that a claim reads.
-- A claim is concerned where the row covers its day before or after but not both, or says something else on it.
CREATE FUNCTION claims_follow_stretch() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    stated text := current_setting('walls.actor', true);
    gone text := CASE TG_OP WHEN 'INSERT' THEN '(SELECT * FROM now_rows WHERE false)' ELSE 'former_rows' END;
    come text := CASE TG_OP WHEN 'DELETE' THEN '(SELECT * FROM former_rows WHERE false)' ELSE 'now_rows' END;
    says text := format('ROW(%s)', regexp_replace(TG_ARGV[1], '(\w+)', '%1$s.\1', 'g'));
    people bigint[];
    years int[];
BEGIN
    PERFORM walls_state_system();
    EXECUTE format($query$
        SELECT array_agg(person_id), array_agg(year) FROM (
            SELECT DISTINCT claim.person_id, claim.year::int AS year
              FROM (SELECT former.person_id AS former_person, present.person_id AS present_person,
                           daterange(former.valid_from, former.valid_until) AS former_days,
                           daterange(present.valid_from, present.valid_until) AS present_days,
                           %3$s IS DISTINCT FROM %4$s AS says_else
                      FROM %1$s former FULL JOIN %2$s present ON present.id = former.id) fact
              JOIN claims_claim claim ON claim.person_id IN (fact.former_person, fact.present_person)
             CROSS JOIN LATERAL (
                    SELECT coalesce(fact.former_person = claim.person_id AND fact.former_days @> claim.service_date, false),
                           coalesce(fact.present_person = claim.person_id AND fact.present_days @> claim.service_date, false)
                   ) AS covers(before, after)
             WHERE (fact.says_else OR fact.former_days IS DISTINCT FROM fact.present_days
                    OR fact.former_person IS DISTINCT FROM fact.present_person)
               AND claim.stage <> 'canceled'
               AND (covers.before <> covers.after OR (covers.after AND fact.says_else))
        ) concerned
    $query$, gone, come, format(says, 'former'), format(says, 'present')) INTO people, years;
    PERFORM set_config('walls.actor', stated, true);
    PERFORM claims_await(people, years, TG_ARGV[0]);
    RETURN NULL;
END
$$;

CREATE FUNCTION claims_follow_person() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    stated text := current_setting('walls.actor', true);
    people bigint[];
    years int[];
BEGIN
    PERFORM walls_state_system();
    SELECT array_agg(person_id), array_agg(year) INTO people, years FROM (
        SELECT DISTINCT claim.person_id, claim.year::int AS year FROM claims_claim claim
         WHERE claim.person_id = NEW.id AND claim.stage <> 'canceled'
           AND (NEW.is_registered_poor <> OLD.is_registered_poor
                OR (claim.service_date > OLD.deceased_on) IS TRUE <> (claim.service_date > NEW.deceased_on) IS TRUE)
    ) concerned;
    PERFORM set_config('walls.actor', stated, true);
    PERFORM claims_await(people, years, '个人档案变更');
    RETURN NULL;
END
$$;

-- A claim that is corrected or canceled: its own year, and the former one where the day moved into another.
CREATE FUNCTION claims_follow_claim() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    PERFORM claims_await(ARRAY[OLD.person_id, NEW.person_id], ARRAY[OLD.year, NEW.year]::int[], '单据更正');
    RETURN NULL;
END
$$;

CREATE TRIGGER late_begin AFTER INSERT ON enrollment_enrollment REFERENCING NEW TABLE AS now_rows
    FOR EACH STATEMENT EXECUTE FUNCTION claims_follow_stretch('参保变更', 'scheme, employment, area_id');
CREATE TRIGGER late_change AFTER UPDATE ON enrollment_enrollment REFERENCING OLD TABLE AS former_rows NEW TABLE AS now_rows
    FOR EACH STATEMENT EXECUTE FUNCTION claims_follow_stretch('参保变更', 'scheme, employment, area_id');
CREATE TRIGGER late_end AFTER DELETE ON enrollment_enrollment REFERENCING OLD TABLE AS former_rows
    FOR EACH STATEMENT EXECUTE FUNCTION claims_follow_stretch('参保变更', 'scheme, employment, area_id');

CREATE TRIGGER late_begin AFTER INSERT ON enrollment_chronicrecognition REFERENCING NEW TABLE AS now_rows
    FOR EACH STATEMENT EXECUTE FUNCTION claims_follow_stretch('慢性病认定变更', 'disease_code');
CREATE TRIGGER late_change AFTER UPDATE ON enrollment_chronicrecognition REFERENCING OLD TABLE AS former_rows NEW TABLE AS now_rows
    FOR EACH STATEMENT EXECUTE FUNCTION claims_follow_stretch('慢性病认定变更', 'disease_code');
CREATE TRIGGER late_end AFTER DELETE ON enrollment_chronicrecognition REFERENCING OLD TABLE AS former_rows
    FOR EACH STATEMENT EXECUTE FUNCTION claims_follow_stretch('慢性病认定变更', 'disease_code');

CREATE TRIGGER late_begin AFTER INSERT ON relief_reliefstatus REFERENCING NEW TABLE AS now_rows
    FOR EACH STATEMENT EXECUTE FUNCTION claims_follow_stretch('救助身份变更', 'category');
CREATE TRIGGER late_change AFTER UPDATE ON relief_reliefstatus REFERENCING OLD TABLE AS former_rows NEW TABLE AS now_rows
    FOR EACH STATEMENT EXECUTE FUNCTION claims_follow_stretch('救助身份变更', 'category');
CREATE TRIGGER late_end AFTER DELETE ON relief_reliefstatus REFERENCING OLD TABLE AS former_rows
    FOR EACH STATEMENT EXECUTE FUNCTION claims_follow_stretch('救助身份变更', 'category');

CREATE TRIGGER late_change AFTER UPDATE ON enrollment_person FOR EACH ROW
    WHEN ((OLD.is_registered_poor, OLD.deceased_on) IS DISTINCT FROM (NEW.is_registered_poor, NEW.deceased_on))
    EXECUTE FUNCTION claims_follow_person();

CREATE TRIGGER late_change AFTER UPDATE ON claims_claim FOR EACH ROW
    WHEN ((OLD.person_id, OLD.year, OLD.sequence, OLD.service_date, OLD.care, OLD.care_area, OLD.is_filed, OLD.total,
           OLD.excluded, OLD.over_ceiling, OLD.upfront_copay, OLD.stage = 'canceled')
          IS DISTINCT FROM
          (NEW.person_id, NEW.year, NEW.sequence, NEW.service_date, NEW.care, NEW.care_area, NEW.is_filed, NEW.total,
           NEW.excluded, NEW.over_ceiling, NEW.upfront_copay, NEW.stage = 'canceled'))
    EXECUTE FUNCTION claims_follow_claim();
