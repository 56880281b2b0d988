-- A status that names a roster as its ground has one that was checked. By statement: the services confirm the roster
-- first and write its statuses then, in the same transaction.
DROP TRIGGER status_has_a_checked_ground ON relief_reliefstatus;

CREATE OR REPLACE FUNCTION relief_check_ground() RETURNS trigger
LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
BEGIN
    IF EXISTS (SELECT 1 FROM trail_importbatch batch
                WHERE batch.id IN (SELECT begun_by_id FROM written UNION SELECT ended_by_id FROM written)
                  AND batch.confirmed_by_id IS NULL) THEN
        RAISE EXCEPTION '救助身份所依据的名单尚未复核。' USING ERRCODE = 'check_violation', CONSTRAINT = 'status_has_a_checked_ground';
    END IF;
    RETURN NULL;
END
$$;
CREATE TRIGGER status_has_a_checked_ground AFTER INSERT ON relief_reliefstatus
    REFERENCING NEW TABLE AS written FOR EACH STATEMENT EXECUTE FUNCTION relief_check_ground();
CREATE TRIGGER status_keeps_a_checked_ground AFTER UPDATE ON relief_reliefstatus
    REFERENCING NEW TABLE AS written FOR EACH STATEMENT EXECUTE FUNCTION relief_check_ground();
ALTER TABLE relief_reliefstatus ENABLE ALWAYS TRIGGER status_has_a_checked_ground;
ALTER TABLE relief_reliefstatus ENABLE ALWAYS TRIGGER status_keeps_a_checked_ground;
