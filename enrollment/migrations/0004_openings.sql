-- Any outlet handles any matter of the city (HZ-19): a counter opens one file by its whole ID number, and only so. Each
-- try is written down, found or not, and there are at most 30 for a person in an hour.

ALTER TABLE enrollment_opening ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY by_area ON enrollment_opening FOR SELECT
    USING (area_id::text ^@@ (SELECT walls_reach()) OR staff_id = (SELECT nullif(walls_actor(), 'system')::bigint));
CREATE POLICY written_by_the_function ON enrollment_opening FOR INSERT WITH CHECK ((SELECT walls_actor()) = 'system');

-- The key of the person with this number; 0: nobody has it; -1: too many tries.
CREATE FUNCTION enrollment_open(wanted text) RETURNS bigint
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    stated text := current_setting('walls.actor', true);
    opener public.organization_staff;
    found_id bigint;
    found_area text;
    tries bigint;
BEGIN
    SELECT * INTO opener FROM public.organization_staff staff
     WHERE staff.id = nullif(public.walls_actor(), 'system')::bigint AND staff.is_active AND staff.area_id IS NOT NULL
       AND EXISTS (SELECT 1 FROM public.organization_dutyassignment held
                    WHERE held.staff_id = staff.id AND held.duty = 'counter' AND held.valid_from <= current_date
                      AND (held.valid_until IS NULL OR held.valid_until > current_date));
    IF NOT FOUND THEN
        RAISE EXCEPTION '凭身份证号打开外区县档案，须由综合柜员本人办理。' USING ERRCODE = 'insufficient_privilege';
    END IF;
    -- One try of a person at a time, so that none escapes the count.
    PERFORM pg_advisory_xact_lock(hashtextextended('enrollment.open:' || opener.id, 0));
    PERFORM public.walls_state_system();

    SELECT count(*) INTO tries FROM public.enrollment_opening tried
     WHERE tried.staff_id = opener.id AND tried.opened_at > clock_timestamp() - interval '1 hour';
    IF tries >= 30 THEN
        found_id := -1;
    ELSE
        SELECT id, area_id INTO found_id, found_area FROM public.enrollment_person WHERE id_number = wanted;
        INSERT INTO public.enrollment_opening (staff_id, office_id, person_id, area_id, opened_at)
        VALUES (opener.id, opener.office_id, found_id, coalesce(found_area, opener.area_id), clock_timestamp());
    END IF;

    PERFORM set_config('walls.actor', stated, true);
    RETURN coalesce(found_id, 0);
END
$$;

-- The people whose files the actor has opened within the hour.
CREATE FUNCTION enrollment_opened() RETURNS bigint[]
LANGUAGE sql STABLE SET search_path = public, pg_temp AS $$
    SELECT array_agg(person_id) FROM enrollment_opening
     WHERE staff_id = (SELECT nullif(walls_actor(), 'system')::bigint) AND person_id IS NOT NULL
       AND opened_at > now() - interval '1 hour'
$$;

CREATE POLICY by_opening ON enrollment_person FOR SELECT USING (id = ANY ((SELECT enrollment_opened())::bigint[]));
