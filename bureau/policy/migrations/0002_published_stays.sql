-- A published release is what adjudications refer to by its hash: its bytes never change, it is only superseded.

CREATE FUNCTION policy_check_release() RETURNS trigger
LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
DECLARE
    former policy_release := OLD;
BEGIN
    IF TG_OP <> 'UPDATE' THEN
        RAISE EXCEPTION '政策发布不得删除。' USING ERRCODE = 'restrict_violation';
    END IF;
    IF OLD.stage = 'draft' THEN
        former.stage := NEW.stage;
        former.published_at := NEW.published_at;
        former.published_by_id := NEW.published_by_id;
    ELSIF OLD.stage = 'published' AND NEW.stage = 'superseded' THEN
        former.stage := NEW.stage;
    END IF;
    IF former IS DISTINCT FROM NEW OR (NEW.stage <> 'draft' AND NEW.published_by_id IS NULL) THEN
        RAISE EXCEPTION '% 第 % 号政策不得修改，请另行起草。', OLD.city, OLD.number USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END
$$;

-- A draft becomes published by a second person; nothing is born published.
CREATE FUNCTION policy_begin_as_draft() RETURNS trigger
LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
BEGIN
    IF NEW.stage <> 'draft' OR NEW.sha256 <> encode(sha256(NEW.content), 'hex') THEN
        RAISE EXCEPTION '政策须先起草，且指纹与内容一致。' USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END
$$;

CREATE TRIGGER release_begins_as_draft BEFORE INSERT ON policy_release
    FOR EACH ROW EXECUTE FUNCTION policy_begin_as_draft();
CREATE TRIGGER release_stays BEFORE UPDATE OR DELETE ON policy_release
    FOR EACH ROW EXECUTE FUNCTION policy_check_release();
CREATE TRIGGER releases_are_not_emptied BEFORE TRUNCATE ON policy_release
    FOR EACH STATEMENT EXECUTE FUNCTION policy_check_release();

ALTER TABLE policy_release ENABLE ALWAYS TRIGGER release_begins_as_draft;
ALTER TABLE policy_release ENABLE ALWAYS TRIGGER release_stays;
ALTER TABLE policy_release ENABLE ALWAYS TRIGGER releases_are_not_emptied;
