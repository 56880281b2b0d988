CALL walls_share('institutions_institution', 'area_id');
CALL walls_enclose('institutions_institutioncapability');
CALL walls_enclose('institutions_agreement');

-- Both belong to the area of their institution, whoever writes them.
ALTER TABLE institutions_institution ADD CONSTRAINT institution_in_its_area UNIQUE (id, area_id);
ALTER TABLE institutions_institutioncapability ADD CONSTRAINT capability_in_area_of_institution
    FOREIGN KEY (institution_id, area_id) REFERENCES institutions_institution (id, area_id);
ALTER TABLE institutions_agreement ADD CONSTRAINT agreement_in_area_of_institution
    FOREIGN KEY (institution_id, area_id) REFERENCES institutions_institution (id, area_id);
