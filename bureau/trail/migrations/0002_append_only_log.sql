-- The action log is only ever added to: it must outlive both its subjects and those who would rather not be in it.

CREATE FUNCTION trail_refuse_change() RETURNS trigger
LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '操作日志只增不改，不得%。', CASE TG_OP WHEN 'UPDATE' THEN '修改' ELSE '删除' END
        USING ERRCODE = 'restrict_violation';
END
$$;

CREATE TRIGGER action_log_stays BEFORE UPDATE OR DELETE ON trail_actionlog
    FOR EACH ROW EXECUTE FUNCTION trail_refuse_change();
CREATE TRIGGER action_log_is_not_emptied BEFORE TRUNCATE ON trail_actionlog
    FOR EACH STATEMENT EXECUTE FUNCTION trail_refuse_change();

-- Also where session_replication_role is set to replica.
ALTER TABLE trail_actionlog ENABLE ALWAYS TRIGGER action_log_stays;
ALTER TABLE trail_actionlog ENABLE ALWAYS TRIGGER action_log_is_not_emptied;
