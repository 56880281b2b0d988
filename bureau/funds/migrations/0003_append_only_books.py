"""The books refuse what is unbalanced, late or a change; and each fund gets its accounts."""

from __future__ import annotations

from pathlib import Path
from typing import ClassVar

from django.db import migrations

FUNDS = {
    "employee_pool": "职工统筹基金",
    "resident_pool": "居民统筹基金",
    "major_illness": "大病保险资金",
    "assistance": "医疗救助基金",
}
KINDS = {
    "expenditure": "待遇支出",
    "payable": "应付定点医药机构款",
    "deposit": "质量保证金",
    "bank": "支出户存款",
}

UNDO = """
DROP TRIGGER payment_orders_are_not_emptied ON funds_paymentorder;
DROP TRIGGER payment_order_stays ON funds_paymentorder;
DROP TRIGGER payment_order_moves_on ON funds_paymentorder;
DROP TRIGGER postings_are_not_emptied ON funds_posting;
DROP TRIGGER posting_stays ON funds_posting;
DROP TRIGGER posting_is_in_time ON funds_posting;
DROP TRIGGER entry_balances ON funds_entry;
DROP TRIGGER entries_are_not_emptied ON funds_entry;
DROP TRIGGER entry_stays ON funds_entry;
DROP TRIGGER entry_is_stamped ON funds_entry;
DROP FUNCTION funds_check_payment_order();
DROP FUNCTION funds_check_entry();
DROP FUNCTION funds_check_posting();
DROP FUNCTION funds_stamp_entry();
DROP FUNCTION funds_refuse_change();
"""


def open_accounts(apps, schema_editor):
    account = apps.get_model("funds", "Account")
    account.objects.bulk_create(
        [
            account(code=f"{fund}.{kind}", name=f"{fund_name}·{kind_name}", fund=fund, kind=kind)
            for fund, fund_name in FUNDS.items()
            for kind, kind_name in KINDS.items()
        ],
        ignore_conflicts=True,
    )


class Migration(migrations.Migration):
    dependencies: ClassVar = [("funds", "0002_relations")]

    operations: ClassVar = [
        migrations.RunPython(open_accounts, migrations.RunPython.noop),
        migrations.RunSQL(Path(__file__).with_suffix(".sql").read_text(encoding="utf-8"), UNDO),
    ]
