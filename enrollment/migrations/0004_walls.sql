CALL walls_enclose('enrollment_person');
CALL walls_enclose('enrollment_enrollment');
CALL walls_enclose('enrollment_chronicrecognition');

-- Whoever insured a person knows the name in the claims of that time, also after the person has moved away. Asked only of
-- people of other areas, since the planner reads all enrollments once to answer it.
CREATE POLICY by_enrollment ON enrollment_person FOR SELECT
    USING ((area_id::text ^@@ (SELECT walls_reach())) IS NOT TRUE
           AND EXISTS (SELECT 1 FROM enrollment_enrollment known WHERE known.person_id = enrollment_person.id));
