-- A call that was written down stays: by it a deed is known again, and it says who sent what.

CREATE FUNCTION organization_refuse_change_of_calls() RETURNS trigger
LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
BEGIN
    RAISE EXCEPTION '接口调用只增不改，不得%。', CASE TG_OP WHEN 'UPDATE' THEN '修改' ELSE '删除' END
        USING ERRCODE = 'restrict_violation';
END
$$;

CREATE TRIGGER institution_call_stays BEFORE UPDATE OR DELETE ON organization_institutioncall
    FOR EACH ROW EXECUTE FUNCTION organization_refuse_change_of_calls();
CREATE TRIGGER institution_calls_are_not_emptied BEFORE TRUNCATE ON organization_institutioncall
    FOR EACH STATEMENT EXECUTE FUNCTION organization_refuse_change_of_calls();

ALTER TABLE organization_institutioncall ENABLE ALWAYS TRIGGER institution_call_stays;
ALTER TABLE organization_institutioncall ENABLE ALWAYS TRIGGER institution_calls_are_not_emptied;
