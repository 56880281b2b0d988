CALL walls_keep_area('institutions_institution');
CALL walls_keep_area('institutions_institutioncapability');
CALL walls_keep_area('institutions_agreement');
