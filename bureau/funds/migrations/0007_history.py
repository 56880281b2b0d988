"""The history of payment orders."""

import bureau.fields
import bureau.fields.encrypted
import django.db.models.deletion
import django.db.models.expressions
import pgtrigger.compiler
import pgtrigger.migrations
from django.conf import settings
from django.db import migrations, models

KEPT = """
CALL trail_keep('funds_paymentorderevent', 'funds_paymentorder');
CALL walls_enclose('funds_paymentorderevent');
"""


class Migration(migrations.Migration):
    dependencies = [
        ("trail", "0009_kept_history"),
        ("funds", "0006_third_person"),
        ("organization", "0006_history"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="PaymentOrderEvent",
            fields=[
                ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                ("pgh_label", models.TextField(help_text="The event label.")),
                ("pgh_id", models.BigAutoField(primary_key=True, serialize=False)),
                (
                    "pgh_by",
                    models.BigIntegerField(
                        db_default=django.db.models.expressions.RawSQL(
                            "nullif(split_part(current_setting('walls.deed', true), ' ', 1), '')::bigint", ()
                        ),
                        null=True,
                        verbose_name="操作人",
                    ),
                ),
                (
                    "pgh_via",
                    models.CharField(
                        db_default=django.db.models.expressions.RawSQL(
                            "left(split_part(current_setting('walls.deed', true), ' ', 2), 60)", ()
                        ),
                        max_length=60,
                        verbose_name="途径",
                    ),
                ),
                (
                    "bank_account",
                    bureau.fields.encrypted.EncryptedTextField(
                        context="payment_order.bank_account", is_kept=True, verbose_name="收款账号"
                    ),
                ),
                ("id", models.BigIntegerField()),
                ("reference", models.CharField(max_length=100, verbose_name="付款单号")),
                ("month", models.CharField(max_length=7, verbose_name="结算月份")),
                (
                    "fund",
                    models.CharField(
                        choices=[
                            ("employee_pool", "职工统筹基金"),
                            ("resident_pool", "居民统筹基金"),
                            ("major_illness", "大病保险资金"),
                            ("assistance", "医疗救助基金"),
                        ],
                        max_length=20,
                        verbose_name="基金",
                    ),
                ),
                ("payee_code", models.CharField(max_length=12, verbose_name="收款机构编码")),
                ("payee_name", models.CharField(max_length=80, verbose_name="收款机构")),
                ("bank_name", models.CharField(max_length=80, verbose_name="开户行")),
                ("amount", bureau.fields.MoneyField(verbose_name="金额（分）")),
                ("seal_sha256", models.CharField(max_length=64, verbose_name="封存指纹")),
                (
                    "stage",
                    models.CharField(
                        choices=[
                            ("ordered", "待拨付"),
                            ("exported", "拨付中"),
                            ("confirmed", "已拨付"),
                            ("returned", "已退回"),
                        ],
                        default="ordered",
                        max_length=10,
                        verbose_name="状态",
                    ),
                ),
                ("created_at", models.DateTimeField(auto_now_add=True, verbose_name="生成时间")),
            ],
            options={
                "abstract": False,
            },
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="paymentorder",
            trigger=pgtrigger.compiler.Trigger(
                name="updated_update",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "funds_paymentorderevent" ("amount", "approved_by_id", "area_id", "bank_account", "bank_name", "booked_by_id", "created_at", "fund", "id", "made_by_id", "month", "paid_by_id", "payee_code", "payee_name", "pgh_created_at", "pgh_label", "pgh_obj_id", "reference", "seal_sha256", "stage") SELECT old_values."amount", old_values."approved_by_id", old_values."area_id", old_values."bank_account", old_values."bank_name", old_values."booked_by_id", old_values."created_at", old_values."fund", old_values."id", old_values."made_by_id", old_values."month", old_values."paid_by_id", old_values."payee_code", old_values."payee_name", statement_timestamp(), \'updated\', old_values."id", old_values."reference", old_values."seal_sha256", old_values."stage" FROM ( SELECT old_values.* FROM old_values JOIN new_values ON (old_values."id") = (new_values."id") WHERE (old_values."id", old_values."reference", old_values."area_id", old_values."month", old_values."fund", old_values."payee_code", old_values."payee_name", old_values."bank_name", old_values."bank_account", old_values."amount", old_values."seal_sha256", old_values."stage", old_values."made_by_id", old_values."approved_by_id", old_values."created_at", old_values."paid_by_id", old_values."booked_by_id") IS DISTINCT FROM (new_values."id", new_values."reference", new_values."area_id", new_values."month", new_values."fund", new_values."payee_code", new_values."payee_name", new_values."bank_name", new_values."bank_account", new_values."amount", new_values."seal_sha256", new_values."stage", new_values."made_by_id", new_values."approved_by_id", new_values."created_at", new_values."paid_by_id", new_values."booked_by_id") ) AS old_values, _pgh_attached_context; RETURN NULL;',
                    hash="efe413eeadc35c83d683f71f8e12b90ef1c9fa6f",
                    level="STATEMENT",
                    operation="UPDATE",
                    pgid="pgtrigger_updated_update_58f08",
                    referencing="REFERENCING OLD TABLE AS old_values  NEW TABLE AS new_values ",
                    table="funds_paymentorder",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="paymentorder",
            trigger=pgtrigger.compiler.Trigger(
                name="deleted_delete",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "funds_paymentorderevent" ("amount", "approved_by_id", "area_id", "bank_account", "bank_name", "booked_by_id", "created_at", "fund", "id", "made_by_id", "month", "paid_by_id", "payee_code", "payee_name", "pgh_created_at", "pgh_label", "pgh_obj_id", "reference", "seal_sha256", "stage") SELECT old_values."amount", old_values."approved_by_id", old_values."area_id", old_values."bank_account", old_values."bank_name", old_values."booked_by_id", old_values."created_at", old_values."fund", old_values."id", old_values."made_by_id", old_values."month", old_values."paid_by_id", old_values."payee_code", old_values."payee_name", statement_timestamp(), \'deleted\', old_values."id", old_values."reference", old_values."seal_sha256", old_values."stage" FROM ( SELECT old_values.* FROM old_values  ) AS old_values, _pgh_attached_context; RETURN NULL;',
                    hash="e4fc201b2a045f0bbdf848db8f967f0fdcd4f250",
                    level="STATEMENT",
                    operation="DELETE",
                    pgid="pgtrigger_deleted_delete_0395f",
                    referencing="REFERENCING OLD TABLE AS old_values ",
                    table="funds_paymentorder",
                    when="AFTER",
                ),
            ),
        ),
        migrations.AddField(
            model_name="paymentorderevent",
            name="approved_by",
            field=models.ForeignKey(
                db_constraint=False,
                db_index=False,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="+",
                related_query_name="+",
                to=settings.AUTH_USER_MODEL,
                verbose_name="审批人",
            ),
        ),
        migrations.AddField(
            model_name="paymentorderevent",
            name="area",
            field=models.ForeignKey(
                db_constraint=False,
                db_index=False,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="+",
                related_query_name="+",
                to="organization.area",
                verbose_name="区划",
            ),
        ),
        migrations.AddField(
            model_name="paymentorderevent",
            name="booked_by",
            field=models.ForeignKey(
                blank=True,
                db_constraint=False,
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="+",
                related_query_name="+",
                to=settings.AUTH_USER_MODEL,
                verbose_name="回单登记人",
            ),
        ),
        migrations.AddField(
            model_name="paymentorderevent",
            name="made_by",
            field=models.ForeignKey(
                db_constraint=False,
                db_index=False,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="+",
                related_query_name="+",
                to=settings.AUTH_USER_MODEL,
                verbose_name="经办人",
            ),
        ),
        migrations.AddField(
            model_name="paymentorderevent",
            name="paid_by",
            field=models.ForeignKey(
                blank=True,
                db_constraint=False,
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="+",
                related_query_name="+",
                to=settings.AUTH_USER_MODEL,
                verbose_name="出纳",
            ),
        ),
        migrations.AddField(
            model_name="paymentorderevent",
            name="pgh_obj",
            field=models.ForeignKey(
                db_constraint=False,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="+",
                related_query_name="+",
                to="funds.paymentorder",
            ),
        ),
        migrations.RunSQL(KEPT, migrations.RunSQL.noop),
    ]
