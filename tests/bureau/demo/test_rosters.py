from __future__ import annotations

from bureau.demo import rosters


def test_april_lists_two_hundred_readable_people():
    assert len(rosters.listed(rosters.APRIL)) == 200
    assert rosters.listed(rosters.APRIL)[0].name == "周洋国"


def test_june_has_four_rows_that_wait_and_three_new_people():
    lines = rosters.june_list(1).decode().splitlines()
    assert lines[0] == "序号,姓名,身份证号,救助类别,乡镇街道,村社区,认定日期,联系电话"
    new = [line for line in lines if ",510799" in line]
    assert len(new) == 3
    assert sum(line.split(",")[2] == "" for line in lines) == 1
    assert sum("2023-02-30" in line for line in lines) == 1
    assert sum("低保二类" in line for line in lines) == 1


def test_june_is_the_same_bytes_every_time():
    assert rosters.june_list(1) == rosters.june_list(1)
