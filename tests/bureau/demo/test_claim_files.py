from __future__ import annotations

from datetime import date

from bureau.demo import city, claim_files
from bureau.demo.sizes import SMALL
from claims.importing import claim_file

MAY = city.draw("mianyang", SMALL, 1).files(date(2023, 5, 1))


def test_intake_reads_back_what_was_drawn():
    for bills in MAY.values():
        clean, bad = claim_file.read(claim_files.content(bills), today=date(2023, 6, 1))
        assert len(clean) + len(bad) == len(bills)
        written = {bill.number: bill for bill in bills}
        for row in clean:
            bill = written[row.number]
            assert (row.id_number, row.name, row.care, row.care_area) == (
                bill.id_number,
                bill.name,
                bill.care,
                bill.care_area,
            )
            assert (row.total, row.excluded, row.over_ceiling, row.upfront_copay, row.is_filed) == (
                bill.total,
                bill.excluded,
                bill.over_ceiling,
                bill.upfront_copay,
                bill.is_filed,
            )


def test_two_rows_of_may_cannot_be_read():
    codes = [
        row.code
        for bills in MAY.values()
        for row in claim_file.read(claim_files.content(bills), today=date(2023, 6, 1))[1]
    ]
    assert sorted(codes) == ["id_checksum", "parts_exceed_total"]
