-- Who looked at whom is only ever added to.

CREATE FUNCTION trail_refuse_change_of_reads() RETURNS trigger
LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
BEGIN
    RAISE EXCEPTION '查阅记录只增不改，不得%。', CASE TG_OP WHEN 'UPDATE' THEN '修改' ELSE '删除' END
        USING ERRCODE = 'restrict_violation';
END
$$;

CREATE TRIGGER read_record_stays BEFORE UPDATE OR DELETE ON trail_readrecord
    FOR EACH ROW EXECUTE FUNCTION trail_refuse_change_of_reads();
CREATE TRIGGER read_records_are_not_emptied BEFORE TRUNCATE ON trail_readrecord
    FOR EACH STATEMENT EXECUTE FUNCTION trail_refuse_change_of_reads();

ALTER TABLE trail_readrecord ENABLE ALWAYS TRIGGER read_record_stays;
ALTER TABLE trail_readrecord ENABLE ALWAYS TRIGGER read_records_are_not_emptied;
