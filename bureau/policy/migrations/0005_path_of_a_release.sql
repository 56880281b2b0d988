-- The way of a release: draft → submitted → checked → published → superseded; back to draft by the second person;
-- withdrawn by the first. Its bytes change in the draft alone, and always together with their digest.

CREATE OR REPLACE FUNCTION policy_check_release() RETURNS trigger
LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
DECLARE
    former policy_release := OLD;
BEGIN
    IF TG_OP <> 'UPDATE' THEN
        RAISE EXCEPTION '政策发布不得删除。' USING ERRCODE = 'restrict_violation';
    END IF;
    IF OLD.stage = 'draft' AND NEW.stage = 'draft' THEN
        former.content := NEW.content;
        former.sha256 := NEW.sha256;
        former.note := NEW.note;
        IF NEW.content IS DISTINCT FROM OLD.content AND NEW.sha256 <> encode(sha256(NEW.content), 'hex') THEN
            RAISE EXCEPTION '草稿的指纹与内容不一致。' USING ERRCODE = 'restrict_violation';
        END IF;
    ELSIF OLD.stage = 'draft' AND NEW.stage = 'submitted' THEN
        former.stage := NEW.stage;
        former.submitted_at := NEW.submitted_at;
        former.submitted_sha256 := NEW.submitted_sha256;
        former.return_reason := NEW.return_reason;
    ELSIF OLD.stage IN ('submitted', 'checked') AND NEW.stage = 'draft' THEN
        former.stage := NEW.stage;
        former.return_reason := NEW.return_reason;
        former.submitted_at := NULL;
        former.submitted_sha256 := '';
        former.checked_at := NULL;
        former.checked_by_id := NULL;
        former.checked_sha256 := '';
        former.checked_against := '';
    ELSIF OLD.stage = 'submitted' AND NEW.stage = 'checked' THEN
        former.stage := NEW.stage;
        former.checked_at := NEW.checked_at;
        former.checked_by_id := NEW.checked_by_id;
        former.checked_sha256 := NEW.checked_sha256;
        former.checked_against := NEW.checked_against;
    ELSIF OLD.stage = 'checked' AND NEW.stage = 'published' THEN
        former.stage := NEW.stage;
        former.published_at := NEW.published_at;
        former.published_by_id := NEW.published_by_id;
    ELSIF OLD.stage IN ('draft', 'submitted') AND NEW.stage = 'withdrawn'
       OR OLD.stage = 'published' AND NEW.stage = 'superseded' THEN
        former.stage := NEW.stage;
    END IF;
    IF former IS DISTINCT FROM NEW OR (NEW.stage = 'published' AND NEW.published_by_id IS NULL) THEN
        RAISE EXCEPTION '% 第 % 号政策不得修改，请另行起草。', OLD.city, OLD.number USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END
$$;

-- What was saved, and what somebody opened, is not written again.
CREATE FUNCTION policy_keep_as_written() RETURNS trigger
LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
BEGIN
    RAISE EXCEPTION '草稿的版本和核对记录只能追加。' USING ERRCODE = 'restrict_violation';
END
$$;

CREATE TRIGGER versions_stay BEFORE UPDATE OR DELETE ON policy_draftversion
    FOR EACH ROW EXECUTE FUNCTION policy_keep_as_written();
CREATE TRIGGER opened_stays BEFORE UPDATE OR DELETE ON policy_openedchange
    FOR EACH ROW EXECUTE FUNCTION policy_keep_as_written();
ALTER TABLE policy_draftversion ENABLE ALWAYS TRIGGER versions_stay;
ALTER TABLE policy_openedchange ENABLE ALWAYS TRIGGER opened_stays;

CALL walls_share('policy_draftversion');
CALL walls_share('policy_openedchange');
