-- The log: lines about one's area, and whatever one did oneself; nobody writes a line in another's name.
ALTER TABLE trail_actionlog ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY by_area ON trail_actionlog
    USING (area_code::text ^@@ (SELECT walls_reach()) OR by_id::text = (SELECT walls_actor()))
    WITH CHECK ((SELECT walls_actor()) = 'system' OR by_id::text = (SELECT walls_actor()));

-- Who looked at whom, in the same way. That a file of another county was opened, the function that opens it writes.
ALTER TABLE trail_readrecord ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY by_area ON trail_readrecord
    USING (area_code::text ^@@ (SELECT walls_reach()) OR by_id::text = (SELECT walls_actor()))
    WITH CHECK (
        (SELECT walls_actor()) = 'system' OR (by_id::text = (SELECT walls_actor()) AND kind <> 'opened')
    );

CALL walls_enclose('trail_importbatch', 'area_code');
-- Long jobs are the city's: everybody sees how far the month is.
CALL walls_share('trail_run');
CALL walls_share('trail_step');

-- What composite keys of rows that came with a batch refer to.
ALTER TABLE trail_importbatch ADD CONSTRAINT import_batch_in_its_area UNIQUE (id, area_code);
