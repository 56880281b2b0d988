-- Any outlet handles any matter of the city (HZ-19): a counter opens one file by its whole ID number, and only so. The
-- number itself never comes here, only its blind index. Each try is a read record, found or not, and is counted together
-- with the searches in one's own county: at most 60 for a person in an hour, and 10 in a day that find nobody.

-- The key of the person whose ID number has this index; 0: nobody has it; -1: too many tries.
CREATE FUNCTION enrollment_open(wanted bytea, at_screen text) RETURNS bigint
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    stated text := current_setting('walls.actor', true);
    opener public.organization_staff;
    found_id bigint;
    found_area text;
    tries bigint;
    misses bigint;
BEGIN
    SELECT * INTO opener FROM public.organization_staff staff
     WHERE staff.id = nullif(public.walls_actor(), 'system')::bigint AND staff.is_active AND staff.area_id IS NOT NULL
       AND EXISTS (SELECT 1 FROM public.organization_dutyassignment held
                    WHERE held.staff_id = staff.id AND held.duty = 'counter' AND held.valid_from <= current_date
                      AND (held.valid_until IS NULL OR held.valid_until > current_date));
    IF NOT FOUND THEN
        RAISE EXCEPTION '凭身份证号打开外区县档案，须由综合柜员本人办理。' USING ERRCODE = 'insufficient_privilege';
    END IF;
    -- One try of a person at a time, so that none escapes the count; `trail.services.reads` takes the same lock.
    PERFORM pg_advisory_xact_lock(hashtextextended('trail.reads:' || opener.id, 0));
    PERFORM public.walls_state_system();

    SELECT count(*) FILTER (WHERE at > clock_timestamp() - interval '1 hour'), count(*) FILTER (WHERE kind = 'missed')
      INTO tries, misses FROM public.trail_readrecord
     WHERE by_id = opener.id AND kind IN ('searched', 'opened', 'missed') AND at > clock_timestamp() - interval '1 day';
    IF tries >= 60 OR misses >= 10 THEN
        found_id := -1;
    ELSE
        SELECT id, area_id INTO found_id, found_area FROM public.enrollment_person WHERE id_index = wanted;
        INSERT INTO public.trail_readrecord (by_id, kind, screen, subject_kind, subject_key, area_code, at)
        VALUES (opener.id, CASE WHEN found_id IS NULL THEN 'missed' ELSE 'opened' END, at_screen, 'person',
                coalesce(found_id::text, ''), coalesce(found_area, opener.area_id), clock_timestamp());
    END IF;

    PERFORM set_config('walls.actor', stated, true);
    RETURN coalesce(found_id, 0);
END
$$;

-- The people whose files the actor has opened within the hour. Nobody else writes such a record (trail/0005_walls.sql).
CREATE FUNCTION enrollment_opened() RETURNS bigint[]
LANGUAGE sql STABLE SET search_path = public, pg_temp AS $$
    SELECT array_agg(subject_key::bigint) FROM trail_readrecord
     WHERE by_id = (SELECT nullif(walls_actor(), 'system')::bigint) AND kind = 'opened' AND subject_kind = 'person'
       AND at > now() - interval '1 hour'
$$;

CREATE POLICY by_opening ON enrollment_person FOR SELECT USING (id = ANY ((SELECT enrollment_opened())::bigint[]));
