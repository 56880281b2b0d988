CALL walls_enclose('relief_reliefstatus');
CALL walls_enclose('relief_rosterentry');

-- Whoever has a person on a list knows who it is.
CREATE POLICY by_relief ON enrollment_person FOR SELECT
    USING ((area_id::text ^@@ (SELECT walls_reach())) IS NOT TRUE
           AND EXISTS (SELECT 1 FROM relief_reliefstatus known WHERE known.person_id = enrollment_person.id));

ALTER TABLE relief_rosterentry ADD CONSTRAINT roster_entry_in_area_of_batch
    FOREIGN KEY (batch_id, area_id) REFERENCES trail_importbatch (id, area_code) DEFERRABLE INITIALLY DEFERRED;
