CALL walls_enclose('claims_claim');
CALL walls_enclose('claims_personyear');
CALL walls_enclose('claims_adjudication');
CALL walls_enclose('claims_claimrow');
CALL walls_enclose('claims_settlement');
CALL walls_enclose_through('claims_settlementline', 'settlement_id', 'claims_settlement');
CALL walls_enclose('claims_adjustment');
CALL walls_enclose('claims_adjustmentuse');
-- The month is the city's, and everybody sees how far it is.
CALL walls_share('claims_settlementrun');

ALTER TABLE claims_claimrow ADD CONSTRAINT claim_row_in_area_of_batch
    FOREIGN KEY (batch_id, area_id) REFERENCES trail_importbatch (id, area_code) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE claims_adjustment ADD CONSTRAINT adjustment_in_its_area UNIQUE (id, area_id);
ALTER TABLE claims_adjustmentuse ADD CONSTRAINT use_in_area_of_difference
    FOREIGN KEY (adjustment_id, area_id) REFERENCES claims_adjustment (id, area_id);
