CALL walls_keep_area('enrollment_person');
CALL walls_keep_area('enrollment_enrollment');
CALL walls_keep_area('enrollment_chronicrecognition');
