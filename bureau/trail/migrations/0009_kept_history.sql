-- Events are only ever added, by the triggers of the table they tell of; that table is never emptied behind their back.

CREATE FUNCTION trail_refuse_change_of_history() RETURNS trigger
LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
BEGIN
    RAISE EXCEPTION '变更历史只增不改，不得%。', CASE TG_OP WHEN 'UPDATE' THEN '修改' ELSE '删除' END
        USING ERRCODE = 'restrict_violation';
END
$$;

-- Called once for each event table, after the triggers that fill it were made.
CREATE PROCEDURE trail_keep(events regclass, tracked regclass)
LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
DECLARE
    other text;
    filling name;
BEGIN
    EXECUTE format('CREATE TRIGGER stays BEFORE UPDATE OR DELETE ON %s FOR EACH ROW '
                   'EXECUTE FUNCTION trail_refuse_change_of_history()', events);
    EXECUTE format('CREATE TRIGGER is_not_emptied BEFORE TRUNCATE ON %s FOR EACH STATEMENT '
                   'EXECUTE FUNCTION trail_refuse_change_of_history()', events);
    EXECUTE format('ALTER TABLE %s ENABLE ALWAYS TRIGGER stays, ENABLE ALWAYS TRIGGER is_not_emptied', events);
    -- After those that refuse for reasons of their own: triggers fire in the order of their names.
    EXECUTE format('CREATE TRIGGER tracked_is_not_emptied BEFORE TRUNCATE ON %s FOR EACH STATEMENT '
                   'EXECUTE FUNCTION trail_refuse_change_of_history()', tracked);
    EXECUTE format('ALTER TABLE %s ENABLE ALWAYS TRIGGER tracked_is_not_emptied', tracked);
    -- Also where session_replication_role is set to replica.
    FOR filling IN SELECT tgname FROM pg_trigger WHERE tgrelid = tracked AND tgname LIKE 'pgtrigger_%' LOOP
        EXECUTE format('ALTER TABLE %s ENABLE ALWAYS TRIGGER %I', tracked, filling);
    END LOOP;
    FOR other IN
        SELECT DISTINCT grantee FROM information_schema.role_table_grants
         WHERE table_schema = 'public' AND table_name = (SELECT relname FROM pg_class WHERE oid = events)
           AND grantee NOT IN (current_user, 'PUBLIC')
    LOOP
        EXECUTE format('REVOKE UPDATE, DELETE ON %s FROM %I', events, other);
    END LOOP;
END
$$;
