"""The application role reads and writes rows and can do nothing to the tables themselves (decision 20)."""

import pytest
from django.db import connection, transaction
from django.db.utils import ProgrammingError

from bureau.organization.models import Area


@pytest.mark.usefixtures("as_application")
class TestTheApplicationRole:
    def test_writes_and_reads_rows(self) -> None:
        Area.objects.create(code="510700", name="绵阳市", level="city")
        assert Area.objects.get().name == "绵阳市"

    @pytest.mark.parametrize(
        "statement",
        ["TRUNCATE organization_area CASCADE", "DROP TABLE organization_area", "CREATE TABLE extra (id int)"],
    )
    def test_may_not_truncate_drop_or_create_tables(self, statement: str) -> None:
        with (
            pytest.raises(ProgrammingError, match=r"permission denied|must be owner"),
            transaction.atomic(),
            connection.cursor() as cursor,
        ):
            cursor.execute(statement)
