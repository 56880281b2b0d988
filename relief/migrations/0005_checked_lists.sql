-- A roster takes effect by a checker, out of the stage in which it waits for one, and its rows are then what was checked.

CREATE FUNCTION relief_check_confirmation() RETURNS trigger
LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
BEGIN
    IF NEW.confirmed_by_id IS NULL OR OLD.stage <> 'ready' OR NEW.stage <> 'applied' OR NEW.comparison_sha256 = '' THEN
        RAISE EXCEPTION '名单 % 须经复核才能生效。', OLD.id USING ERRCODE = 'restrict_violation';
    END IF;
    PERFORM organization_require_duty(NEW.confirmed_by_id, ARRAY['relief_check']);
    IF EXISTS (SELECT 1 FROM trail_actionlog
                WHERE subject_kind = 'roster' AND subject_key = OLD.id::text AND by_id = NEW.confirmed_by_id
                  AND action IN ('relief.roster.row_fixed', 'relief.roster.row_set_aside')) THEN
        RAISE EXCEPTION '处理过本批异常行的人不能复核本批。'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'roster_checker_is_not_maker';
    END IF;
    RETURN NEW;
END
$$;
CREATE TRIGGER roster_is_checked BEFORE UPDATE ON trail_importbatch
    FOR EACH ROW WHEN (NEW.kind = 'roster' AND (OLD.confirmed_by_id IS DISTINCT FROM NEW.confirmed_by_id
                                                OR (NEW.stage = 'applied' AND OLD.stage <> 'applied')))
    EXECUTE FUNCTION relief_check_confirmation();
ALTER TABLE trail_importbatch ENABLE ALWAYS TRIGGER roster_is_checked;

-- By statement, since a roster has a hundred thousand rows. Encrypted columns may be encrypted anew under another key.
CREATE FUNCTION relief_check_rows() RETURNS trigger
LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
BEGIN
    IF TG_OP = 'TRUNCATE' OR EXISTS (
        SELECT 1 FROM trail_importbatch batch
         WHERE batch.confirmed_by_id IS NOT NULL AND batch.id IN (SELECT batch_id FROM touched)) THEN
        RAISE EXCEPTION '已复核的名单，其行不得增删改。' USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NULL;
END
$$;
CREATE FUNCTION relief_check_changed_rows() RETURNS trigger
LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
BEGIN
    IF EXISTS (
        SELECT 1
          FROM before_rows former
          JOIN trail_importbatch batch ON batch.id = former.batch_id AND batch.confirmed_by_id IS NOT NULL
          LEFT JOIN after_rows latter ON latter.id = former.id
         WHERE (former.batch_id, former.line, former.name, former.categories, former.category, former.previous_category,
                former.town, former.village, former.granted_on, former.verdict, former.code, former.person_id,
                former.settled_how, former.settled_reason)
               IS DISTINCT FROM
               (latter.batch_id, latter.line, latter.name, latter.categories, latter.category, latter.previous_category,
                latter.town, latter.village, latter.granted_on, latter.verdict, latter.code, latter.person_id,
                latter.settled_how, latter.settled_reason)
    ) OR EXISTS (
        SELECT 1 FROM after_rows latter
          JOIN before_rows former ON former.id = latter.id AND former.batch_id <> latter.batch_id
          JOIN trail_importbatch batch ON batch.id = latter.batch_id AND batch.confirmed_by_id IS NOT NULL
    ) THEN
        RAISE EXCEPTION '已复核的名单，其行不得增删改。' USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NULL;
END
$$;
CREATE TRIGGER checked_rows_are_complete AFTER INSERT ON relief_rosterentry
    REFERENCING NEW TABLE AS touched FOR EACH STATEMENT EXECUTE FUNCTION relief_check_rows();
CREATE TRIGGER checked_rows_stay AFTER DELETE ON relief_rosterentry
    REFERENCING OLD TABLE AS touched FOR EACH STATEMENT EXECUTE FUNCTION relief_check_rows();
CREATE TRIGGER checked_rows_are_not_emptied BEFORE TRUNCATE ON relief_rosterentry
    FOR EACH STATEMENT EXECUTE FUNCTION relief_check_rows();
CREATE TRIGGER checked_rows_do_not_change AFTER UPDATE ON relief_rosterentry
    REFERENCING OLD TABLE AS before_rows NEW TABLE AS after_rows
    FOR EACH STATEMENT EXECUTE FUNCTION relief_check_changed_rows();
ALTER TABLE relief_rosterentry ENABLE ALWAYS TRIGGER checked_rows_are_complete;
ALTER TABLE relief_rosterentry ENABLE ALWAYS TRIGGER checked_rows_stay;
ALTER TABLE relief_rosterentry ENABLE ALWAYS TRIGGER checked_rows_are_not_emptied;
ALTER TABLE relief_rosterentry ENABLE ALWAYS TRIGGER checked_rows_do_not_change;

-- A status that names a roster as its ground has one that was checked, at the latest when the transaction ends.
CREATE FUNCTION relief_check_ground() RETURNS trigger
LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
BEGIN
    IF EXISTS (SELECT 1 FROM trail_importbatch batch
                WHERE batch.id IN (NEW.begun_by_id, NEW.ended_by_id) AND batch.confirmed_by_id IS NULL) THEN
        RAISE EXCEPTION '救助身份所依据的名单尚未复核。' USING ERRCODE = 'check_violation', CONSTRAINT = 'status_has_a_checked_ground';
    END IF;
    RETURN NULL;
END
$$;
CREATE CONSTRAINT TRIGGER status_has_a_checked_ground AFTER INSERT OR UPDATE OF begun_by_id, ended_by_id
    ON relief_reliefstatus DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION relief_check_ground();
ALTER TABLE relief_reliefstatus ENABLE ALWAYS TRIGGER status_has_a_checked_ground;

CALL walls_keep_area('relief_reliefstatus');
CALL walls_keep_area('relief_rosterentry');
