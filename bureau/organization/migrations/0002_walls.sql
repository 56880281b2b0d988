-- The second wall: row-level security by area. What a row's wall is, three procedures say; migrations call them.
--
-- The application states who acts in the setting walls.actor, signed for its own connection; the area follows from the
-- staff table here, never from what the application says. Nobody stated, or not rightly signed: no row passes.

-- Written by the owner after each migrate, from the application's secret; the application's role cannot read it.
CREATE TABLE walls_key (secret bytea PRIMARY KEY);
DO $$
DECLARE
    other text;
BEGIN
    FOR other IN
        SELECT DISTINCT grantee FROM information_schema.role_table_grants
         WHERE table_schema = 'public' AND table_name = 'walls_key' AND grantee NOT IN (current_user, 'PUBLIC')
    LOOP
        EXECUTE format('REVOKE ALL ON walls_key FROM %I', other);
    END LOOP;
    REVOKE ALL ON walls_key FROM PUBLIC;
END
$$;

-- Who acts: 'system', the key of a staff member, or NULL. A signature holds for one actor on one connection, so that one
-- seen elsewhere is worth nothing; it is built as HMAC is, from what the database has without extensions.
CREATE FUNCTION walls_actor() RETURNS text
LANGUAGE plpgsql STABLE SECURITY DEFINER PARALLEL RESTRICTED SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    stated text := current_setting('walls.actor', true);
    who text := split_part(stated, ':', 1);
    signed bytea := convert_to(who || ':' || pg_backend_pid(), 'UTF8');
BEGIN
    IF who <> '' AND EXISTS (
        SELECT 1 FROM public.walls_key
         WHERE encode(sha256(secret || sha256(secret || signed)), 'hex') = split_part(stated, ':', 2)
    ) THEN
        RETURN who;
    END IF;
    RETURN NULL;
END
$$;

-- With which digits the areas begin that the actor may reach: '' for the system and the city, NULL for nobody.
CREATE FUNCTION walls_reach() RETURNS text
LANGUAGE plpgsql STABLE SECURITY DEFINER PARALLEL RESTRICTED SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    who text := public.walls_actor();
    reach text;
BEGIN
    IF who = 'system' THEN
        RETURN '';
    END IF;
    SELECT CASE area.level WHEN 'city' THEN '' ELSE area.code END INTO reach
      FROM public.organization_staff staff JOIN public.organization_area area ON area.code = staff.area_id
     WHERE staff.id = who::bigint AND staff.is_active;
    RETURN reach;
END
$$;

-- For functions of the owner that step over the wall themselves, until the end of the transaction or of their own say.
CREATE FUNCTION walls_state_system() RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    signed bytea := convert_to('system:' || pg_backend_pid(), 'UTF8');
BEGIN
    PERFORM set_config('walls.actor', 'system:' || encode(sha256(secret || sha256(secret || signed)), 'hex'), true)
       FROM (SELECT secret FROM public.walls_key LIMIT 1) known;
END
$$;
REVOKE ALL ON FUNCTION walls_state_system() FROM PUBLIC;

-- starts_with under a name of its own, whose estimate is "nearly every row": who reaches little has narrowed already,
-- and the bulk work of the system would get bad plans from the usual estimate of 0.5 %.
CREATE OPERATOR ^@@ (LEFTARG = text, RIGHTARG = text, FUNCTION = starts_with, RESTRICT = neqsel, JOIN = neqjoinsel);

-- A table whose rows carry their area.
CREATE PROCEDURE walls_enclose(enclosed regclass, owning name DEFAULT 'area_id')
LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
BEGIN
    EXECUTE format('ALTER TABLE %s ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY', enclosed);
    EXECUTE format('CREATE POLICY by_area ON %s USING (%I::text ^@@ (SELECT walls_reach()))', enclosed, owning);
END
$$;

-- A table whose rows belong to a row of another: whoever sees that one.
CREATE PROCEDURE walls_enclose_through(enclosed regclass, reference name, parent regclass)
LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
BEGIN
    EXECUTE format('ALTER TABLE %s ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY', enclosed);
    EXECUTE format(
        'CREATE POLICY by_parent ON %1$s USING ((SELECT walls_reach()) = '''' OR '
        'EXISTS (SELECT 1 FROM %3$s parent WHERE parent.id = %1$s.%2$I))', enclosed, reference, parent);
END
$$;

-- A table of the whole city: all staff read it; it is written by the city, or, with an owning column, by the area.
CREATE PROCEDURE walls_share(shared regclass, owning name DEFAULT NULL)
LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
DECLARE
    writers text := CASE WHEN owning IS NULL THEN '(SELECT walls_reach()) = '''''
                         ELSE format('%I::text ^@@ (SELECT walls_reach())', owning) END;
BEGIN
    EXECUTE format('ALTER TABLE %s ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY', shared);
    EXECUTE format('CREATE POLICY read_by_all ON %s FOR SELECT USING ((SELECT walls_reach()) IS NOT NULL)', shared);
    EXECUTE format('CREATE POLICY written_by_owner ON %s USING (%s)', shared, writers);
END
$$;
