-- A release is checked and published by people who hold the duty; who the two may be, constraints say.

CREATE FUNCTION policy_check_publishing() RETURNS trigger
LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
BEGIN
    IF NEW.stage = 'checked' THEN
        PERFORM organization_require_duty(NEW.checked_by_id, ARRAY['policy_check']);
    ELSIF NEW.stage = 'published' THEN
        PERFORM organization_require_duty(NEW.published_by_id, ARRAY['policy_check']);
    END IF;
    RETURN NEW;
END
$$;
CREATE TRIGGER release_is_published_by_a_checker BEFORE UPDATE ON policy_release
    FOR EACH ROW WHEN (OLD.stage IS DISTINCT FROM NEW.stage) EXECUTE FUNCTION policy_check_publishing();
ALTER TABLE policy_release ENABLE ALWAYS TRIGGER release_is_published_by_a_checker;
CALL walls_keep_area('policy_release');
