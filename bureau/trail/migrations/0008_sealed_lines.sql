-- The chain over the log, the read records and the daily heads (decision 25). Lines are written unsealed, so that nobody
-- waits for anybody; what is committed is sealed within half a minute, one sealer at a time.

-- What of a line is sealed: every column, in an order and a spelling that no setting of a session changes.
CREATE VIEW trail_line WITH (security_invoker = true) AS
    SELECT 'action' AS book, id AS line, at,
           jsonb_build_array(id, to_char(at AT TIME ZONE 'UTC', 'YYYY-MM-DD HH24:MI:SS.US'), by_id, action, subject_kind,
                             subject_key, summary, detail, area_code)::text AS content
      FROM trail_actionlog
    UNION ALL
    SELECT 'read', id, at,
           jsonb_build_array(id, to_char(at AT TIME ZONE 'UTC', 'YYYY-MM-DD HH24:MI:SS.US'), by_id, kind, screen,
                             subject_kind, subject_key, area_code)::text
      FROM trail_readrecord
    UNION ALL
    SELECT 'head', id, at,
           jsonb_build_array(id, to_char(day, 'YYYY-MM-DD'), to_char(at AT TIME ZONE 'UTC', 'YYYY-MM-DD HH24:MI:SS.US'),
                             number, sha256)::text
      FROM trail_dayhead;

-- The link: the former link's hash, the place in the chain, the moment, and the line.
CREATE FUNCTION trail_link(former text, number bigint, book text, sealed_at timestamptz, content text) RETURNS text
LANGUAGE sql STABLE PARALLEL SAFE AS $$
    SELECT encode(sha256(convert_to(concat_ws(E'\n', former, number, book,
           to_char(sealed_at AT TIME ZONE 'UTC', 'YYYY-MM-DD HH24:MI:SS.US'), content), 'UTF8')), 'hex')
$$;

-- Seal what is committed and not sealed yet, at most so many lines; gives how many. The order of the chain is the order in
-- which lines became visible: one whose transaction lasted longer than those after it comes later. A line that is
-- overtaken by more than 50,000 others stays unsealed and is reported by `verify_trail`, as any unsealed line is.
CREATE FUNCTION trail_seal_lines(most integer) RETURNS integer
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    last_number bigint;
    last_hash text;
    each record;
    moment timestamptz;
    done integer := 0;
BEGIN
    IF public.walls_actor() IS DISTINCT FROM 'system' THEN
        RAISE EXCEPTION '日志只由系统封链。' USING ERRCODE = 'insufficient_privilege';
    END IF;
    PERFORM pg_advisory_xact_lock(hashtextextended('trail.seal', 0));
    SELECT coalesce(max(number), 0), coalesce((SELECT sha256 FROM public.trail_seal ORDER BY number DESC LIMIT 1), '')
      INTO last_number, last_hash FROM public.trail_seal;
    FOR each IN
        SELECT written.book, written.line, written.content
          FROM (VALUES ('action'), ('read'), ('head')) books(book)
          CROSS JOIN LATERAL (SELECT coalesce(max(line), 0) - 50000 AS line FROM public.trail_seal
                               WHERE trail_seal.book = books.book) floor
          JOIN public.trail_line written ON written.book = books.book AND written.line > floor.line
         WHERE NOT EXISTS (SELECT 1 FROM public.trail_seal sealed
                            WHERE sealed.book = written.book AND sealed.line = written.line)
         ORDER BY written.at, written.book, written.line LIMIT most
    LOOP
        moment := clock_timestamp();
        last_number := last_number + 1;
        last_hash := public.trail_link(last_hash, last_number, each.book, moment, each.content);
        INSERT INTO public.trail_seal (number, book, line, sealed_at, sha256)
        VALUES (last_number, each.book, each.line, moment, last_hash);
        done := done + 1;
    END LOOP;
    RETURN done;
END
$$;

-- Note the head for a day, once; it is sealed with the next lines.
CREATE FUNCTION trail_close_day(closed date) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    IF public.walls_actor() IS DISTINCT FROM 'system' THEN
        RAISE EXCEPTION '日志只由系统封链。' USING ERRCODE = 'insufficient_privilege';
    END IF;
    INSERT INTO public.trail_dayhead (day, at, number, sha256)
    SELECT closed, clock_timestamp(), number, sha256 FROM public.trail_seal ORDER BY number DESC LIMIT 1
    ON CONFLICT (day) DO NOTHING;
END
$$;

CREATE FUNCTION trail_refuse_change_of_seals() RETURNS trigger
LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
BEGIN
    RAISE EXCEPTION '日志链只增不改，不得%。', CASE TG_OP WHEN 'UPDATE' THEN '修改' ELSE '删除' END
        USING ERRCODE = 'restrict_violation';
END
$$;

DO $$
DECLARE
    kept text;
    other text;
BEGIN
    FOREACH kept IN ARRAY ARRAY['trail_seal', 'trail_dayhead'] LOOP
        EXECUTE format('CREATE TRIGGER stays BEFORE UPDATE OR DELETE ON %I FOR EACH ROW '
                       'EXECUTE FUNCTION trail_refuse_change_of_seals()', kept);
        EXECUTE format('CREATE TRIGGER is_not_emptied BEFORE TRUNCATE ON %I FOR EACH STATEMENT '
                       'EXECUTE FUNCTION trail_refuse_change_of_seals()', kept);
        EXECUTE format('ALTER TABLE %1$I ENABLE ALWAYS TRIGGER stays, ENABLE ALWAYS TRIGGER is_not_emptied', kept);
        -- Only the two functions above, which are the owner's, add to the chain.
        FOR other IN
            SELECT DISTINCT grantee FROM information_schema.role_table_grants
             WHERE table_schema = 'public' AND table_name = kept AND grantee NOT IN (current_user, 'PUBLIC')
        LOOP
            EXECUTE format('REVOKE INSERT, UPDATE, DELETE ON %I FROM %I', kept, other);
        END LOOP;
    END LOOP;
END
$$;

-- Hashes and numbers of lines tell nothing of anybody: the head is printed on every county's statements.
CALL walls_share('trail_seal');
CALL walls_share('trail_dayhead');
