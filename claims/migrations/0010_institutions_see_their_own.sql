-- Institutions behind the wall. A key acts under its negative number, so that it reaches no area (walls_reach is NULL);
-- what it reaches instead follows here from the table of keys, never from what the application says.

-- Whose key acts: the code of the institution, or NULL for everybody else and for a key that is over.
CREATE FUNCTION walls_institution() RETURNS text
LANGUAGE plpgsql STABLE PARALLEL RESTRICTED SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    who text := public.walls_actor();
BEGIN
    IF who IS NULL OR who NOT LIKE '-%' THEN
        RETURN NULL;
    END IF;
    RETURN (
        SELECT institution_code FROM public.organization_institutionkey
         WHERE id = -(who::bigint) AND revoked_at IS NULL AND ends_at > now()
    );
END
$$;

CREATE POLICY own_institution ON institutions_institution FOR SELECT USING (code = (SELECT walls_institution()));

-- Its key in the directory, by the policy above.
CREATE FUNCTION walls_own_institution() RETURNS bigint
LANGUAGE plpgsql STABLE PARALLEL RESTRICTED SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    own text := public.walls_institution();
BEGIN
    IF own IS NULL THEN
        RETURN NULL;
    END IF;
    RETURN (SELECT id FROM public.institutions_institution WHERE code = own);
END
$$;

CREATE POLICY own_agreement ON institutions_agreement FOR SELECT
    USING (institution_id = (SELECT walls_own_institution()));
CREATE POLICY own_claim ON claims_claim FOR SELECT USING (institution_id = (SELECT walls_own_institution()));
CREATE POLICY own_statement ON claims_settlement FOR SELECT USING (institution_id = (SELECT walls_own_institution()));
CREATE POLICY own_file ON trail_importbatch FOR SELECT
    USING (kind = 'claims' AND source = (SELECT walls_institution()));

-- What hangs on those rows. A function of small cost, asked only where a key acts: an EXISTS in the policy would weigh
-- in the plans of the system's bulk work, which never comes to it.
CREATE FUNCTION walls_claim_is_own(asked bigint) RETURNS boolean
LANGUAGE plpgsql STABLE PARALLEL RESTRICTED COST 1 SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    RETURN EXISTS (SELECT 1 FROM public.claims_claim WHERE id = asked);
END
$$;
CREATE POLICY own_adjudication ON claims_adjudication FOR SELECT
    USING ((SELECT walls_institution()) IS NOT NULL AND walls_claim_is_own(claim_id));
CREATE POLICY own_refused_row ON claims_claimrow FOR SELECT
    USING ((SELECT walls_institution()) IS NOT NULL
           AND EXISTS (SELECT 1 FROM trail_importbatch batch WHERE batch.id = batch_id));
CREATE POLICY own_line ON claims_settlementline FOR SELECT
    USING ((SELECT walls_institution()) IS NOT NULL
           AND EXISTS (SELECT 1 FROM claims_settlement own WHERE own.id = settlement_id));
CREATE POLICY own_month ON claims_settlementrun FOR SELECT
    USING ((SELECT walls_institution()) IS NOT NULL
           AND EXISTS (SELECT 1 FROM claims_settlement own WHERE own.run_id = claims_settlementrun.id));

-- The law is everybody's.
CREATE POLICY read_by_institutions ON policy_release FOR SELECT USING ((SELECT walls_institution()) IS NOT NULL);

-- Calls: staff read those of their area; a key reads those of its institution and writes in its own name alone.
CALL walls_enclose('organization_institutioncall');
CREATE POLICY own_call ON organization_institutioncall
    USING (institution_code = (SELECT walls_institution()))
    WITH CHECK (institution_code = (SELECT walls_institution()) AND '-' || key_id = (SELECT walls_actor()));
