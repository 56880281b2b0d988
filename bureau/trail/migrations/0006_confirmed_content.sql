-- What came in stays what it was; what was confirmed is confirmed once, from the comparison that was looked at.

SELECT walls_state_system();
UPDATE trail_importbatch SET confirmed_sha256 = comparison_sha256 WHERE confirmed_by_id IS NOT NULL;

CREATE FUNCTION trail_check_batch() RETURNS trigger
LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
BEGIN
    IF TG_OP = 'INSERT' THEN
        IF NEW.confirmed_by_id IS NOT NULL OR NEW.stage <> 'checking' THEN
            RAISE EXCEPTION '导入批次须从校验开始。' USING ERRCODE = 'restrict_violation';
        END IF;
        RETURN NEW;
    END IF;
    IF TG_OP = 'DELETE' THEN
        RAISE EXCEPTION '批次 % 已生效，不得删除。', OLD.id USING ERRCODE = 'restrict_violation';
    END IF;
    IF (NEW.kind, NEW.source, NEW.area_code, NEW.month, NEW.file_name, NEW.sha256, NEW.opened_by_id, NEW.opened_at)
       IS DISTINCT FROM
       (OLD.kind, OLD.source, OLD.area_code, OLD.month, OLD.file_name, OLD.sha256, OLD.opened_by_id, OLD.opened_at)
       OR (OLD.confirmed_by_id IS NOT NULL
           AND (NEW.confirmed_by_id, NEW.confirmed_at, NEW.confirmed_sha256, NEW.comparison_sha256)
               IS DISTINCT FROM (OLD.confirmed_by_id, OLD.confirmed_at, OLD.confirmed_sha256, OLD.comparison_sha256)) THEN
        RAISE EXCEPTION '批次 % 的来源、指纹和复核不得修改。', OLD.id USING ERRCODE = 'restrict_violation';
    END IF;
    IF NEW.stage <> OLD.stage AND OLD.stage IN ('applied', 'partly_revoked', 'revoked', 'refused')
       AND (OLD.stage, NEW.stage) NOT IN (('applied', 'partly_revoked'), ('applied', 'revoked')) THEN
        RAISE EXCEPTION '批次 % 不能由 % 变为 %。', OLD.id, OLD.stage, NEW.stage USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END
$$;
CREATE TRIGGER batch_keeps_its_content BEFORE INSERT OR UPDATE ON trail_importbatch
    FOR EACH ROW EXECUTE FUNCTION trail_check_batch();
CREATE TRIGGER confirmed_batch_stays BEFORE DELETE ON trail_importbatch
    FOR EACH ROW WHEN (OLD.confirmed_by_id IS NOT NULL) EXECUTE FUNCTION trail_check_batch();
ALTER TABLE trail_importbatch ENABLE ALWAYS TRIGGER batch_keeps_its_content;
ALTER TABLE trail_importbatch ENABLE ALWAYS TRIGGER confirmed_batch_stays;
