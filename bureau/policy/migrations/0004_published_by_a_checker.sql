-- A draft's bytes never change and its hash is checked when it is born: whoever publishes publishes what was drafted.

CREATE FUNCTION policy_check_publishing() RETURNS trigger
LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
BEGIN
    IF (OLD.stage, NEW.stage) NOT IN (('draft', 'published'), ('published', 'superseded')) THEN
        RAISE EXCEPTION '政策不能由 % 变为 %。', OLD.stage, NEW.stage USING ERRCODE = 'restrict_violation';
    END IF;
    IF NEW.stage = 'published' THEN
        PERFORM organization_require_duty(NEW.published_by_id, ARRAY['policy_check']);
    END IF;
    RETURN NEW;
END
$$;
CREATE TRIGGER release_is_published_by_a_checker BEFORE UPDATE ON policy_release
    FOR EACH ROW WHEN (OLD.stage IS DISTINCT FROM NEW.stage) EXECUTE FUNCTION policy_check_publishing();
ALTER TABLE policy_release ENABLE ALWAYS TRIGGER release_is_published_by_a_checker;
CALL walls_keep_area('policy_release');
