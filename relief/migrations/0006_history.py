"""The history of relief statuses and of the rows of rosters."""

import bureau.fields.encrypted
import django.db.models.deletion
import django.db.models.expressions
import pgtrigger.compiler
import pgtrigger.migrations
from django.db import migrations, models

KEPT = """
CALL trail_keep('relief_reliefstatusevent', 'relief_reliefstatus');
CALL walls_enclose('relief_reliefstatusevent');
CALL trail_keep('relief_rosterentryevent', 'relief_rosterentry');
CALL walls_enclose('relief_rosterentryevent');
"""


class Migration(migrations.Migration):
    dependencies = [
        ("enrollment", "0007_history"),
        ("organization", "0006_history"),
        ("relief", "0005_checked_lists"),
        ("trail", "0009_kept_history"),
    ]

    operations = [
        migrations.CreateModel(
            name="ReliefStatusEvent",
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
                ("id", models.BigIntegerField()),
                ("source", models.CharField(max_length=20, verbose_name="来源")),
                (
                    "category",
                    models.CharField(
                        choices=[
                            ("destitute", "特困人员"),
                            ("subsistence", "低保对象"),
                            ("marginal", "低保边缘"),
                            ("illness_poor", "因病致贫"),
                            ("other", "其他困难"),
                            ("none", "无"),
                        ],
                        max_length=20,
                        verbose_name="类别",
                    ),
                ),
                ("town", models.CharField(blank=True, max_length=40, verbose_name="乡镇（街道）")),
                ("village", models.CharField(blank=True, max_length=40, verbose_name="村（社区）")),
                ("granted_on", models.DateField(blank=True, null=True, verbose_name="认定日期")),
                ("valid_from", models.DateField(verbose_name="生效日期")),
                ("valid_until", models.DateField(blank=True, null=True, verbose_name="终止日期（不含）")),
                (
                    "settled_until",
                    models.DateField(
                        blank=True,
                        help_text="本人此日以前的费用已按当时的身份结算，身份不能再自动回退",
                        null=True,
                        verbose_name="费用已结算至（不含）",
                    ),
                ),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="RosterEntryEvent",
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
                    "id_number",
                    bureau.fields.encrypted.EncryptedTextField(
                        blank=True, context="roster_entry.id_number", is_kept=True, verbose_name="身份证号"
                    ),
                ),
                (
                    "phone",
                    bureau.fields.encrypted.EncryptedTextField(
                        blank=True, context="roster_entry.phone", is_kept=True, verbose_name="联系电话"
                    ),
                ),
                (
                    "raw",
                    bureau.fields.encrypted.EncryptedJSONField(
                        context="roster_entry.raw", default=dict, is_kept=True, verbose_name="原文"
                    ),
                ),
                ("id", models.BigIntegerField()),
                (
                    "line",
                    models.PositiveIntegerField(
                        help_text="退出的人不在文件里，没有行号", null=True, verbose_name="行号"
                    ),
                ),
                ("name", models.CharField(blank=True, max_length=60, verbose_name="姓名")),
                ("categories", models.JSONField(default=list, verbose_name="全部身份")),
                ("category", models.CharField(blank=True, max_length=20, verbose_name="救助类别")),
                ("previous_category", models.CharField(blank=True, max_length=20, verbose_name="原类别")),
                ("town", models.CharField(blank=True, max_length=40, verbose_name="乡镇（街道）")),
                ("village", models.CharField(blank=True, max_length=40, verbose_name="村（社区）")),
                ("granted_on", models.DateField(blank=True, null=True, verbose_name="认定日期")),
                ("verdict", models.CharField(max_length=10, verbose_name="判断")),
                ("code", models.CharField(blank=True, max_length=30, verbose_name="问题")),
                ("message", models.CharField(blank=True, max_length=300, verbose_name="说明")),
                ("warnings", models.JSONField(default=list, verbose_name="提示")),
                (
                    "settled_how",
                    models.CharField(
                        blank=True, help_text="fixed 改正，set_aside 移出本批", max_length=10, verbose_name="处理方式"
                    ),
                ),
                ("settled_reason", models.CharField(blank=True, max_length=200, verbose_name="处理说明")),
            ],
            options={
                "abstract": False,
            },
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="reliefstatus",
            trigger=pgtrigger.compiler.Trigger(
                name="updated_update",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "relief_reliefstatusevent" ("area_id", "begun_by_id", "category", "ended_by_id", "granted_on", "id", "person_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "settled_until", "source", "town", "valid_from", "valid_until", "village") SELECT old_values."area_id", old_values."begun_by_id", old_values."category", old_values."ended_by_id", old_values."granted_on", old_values."id", old_values."person_id", statement_timestamp(), \'updated\', old_values."id", old_values."settled_until", old_values."source", old_values."town", old_values."valid_from", old_values."valid_until", old_values."village" FROM ( SELECT old_values.* FROM old_values JOIN new_values ON (old_values."id") = (new_values."id") WHERE (old_values."id", old_values."person_id", old_values."source", old_values."category", old_values."area_id", old_values."town", old_values."village", old_values."granted_on", old_values."valid_from", old_values."valid_until", old_values."begun_by_id", old_values."ended_by_id", old_values."settled_until") IS DISTINCT FROM (new_values."id", new_values."person_id", new_values."source", new_values."category", new_values."area_id", new_values."town", new_values."village", new_values."granted_on", new_values."valid_from", new_values."valid_until", new_values."begun_by_id", new_values."ended_by_id", new_values."settled_until") ) AS old_values, _pgh_attached_context; RETURN NULL;',
                    hash="3e54b829168b106a7d82f194a4dff2214f3c72fc",
                    level="STATEMENT",
                    operation="UPDATE",
                    pgid="pgtrigger_updated_update_0fb82",
                    referencing="REFERENCING OLD TABLE AS old_values  NEW TABLE AS new_values ",
                    table="relief_reliefstatus",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="reliefstatus",
            trigger=pgtrigger.compiler.Trigger(
                name="deleted_delete",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "relief_reliefstatusevent" ("area_id", "begun_by_id", "category", "ended_by_id", "granted_on", "id", "person_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "settled_until", "source", "town", "valid_from", "valid_until", "village") SELECT old_values."area_id", old_values."begun_by_id", old_values."category", old_values."ended_by_id", old_values."granted_on", old_values."id", old_values."person_id", statement_timestamp(), \'deleted\', old_values."id", old_values."settled_until", old_values."source", old_values."town", old_values."valid_from", old_values."valid_until", old_values."village" FROM ( SELECT old_values.* FROM old_values  ) AS old_values, _pgh_attached_context; RETURN NULL;',
                    hash="572fb6716f69c2c22fca1f4bd902722add7c71f1",
                    level="STATEMENT",
                    operation="DELETE",
                    pgid="pgtrigger_deleted_delete_d077f",
                    referencing="REFERENCING OLD TABLE AS old_values ",
                    table="relief_reliefstatus",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="rosterentry",
            trigger=pgtrigger.compiler.Trigger(
                name="updated_update",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "relief_rosterentryevent" ("area_id", "batch_id", "categories", "category", "code", "granted_on", "id", "id_number", "line", "message", "name", "person_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "phone", "previous_category", "raw", "settled_how", "settled_reason", "town", "verdict", "village", "warnings") SELECT old_values."area_id", old_values."batch_id", old_values."categories", old_values."category", old_values."code", old_values."granted_on", old_values."id", old_values."id_number", old_values."line", old_values."message", old_values."name", old_values."person_id", statement_timestamp(), \'updated\', old_values."id", old_values."phone", old_values."previous_category", old_values."raw", old_values."settled_how", old_values."settled_reason", old_values."town", old_values."verdict", old_values."village", old_values."warnings" FROM ( SELECT old_values.* FROM old_values JOIN new_values ON (old_values."id") = (new_values."id") WHERE (old_values."id", old_values."batch_id", old_values."area_id", old_values."line", old_values."id_number", old_values."name", old_values."categories", old_values."category", old_values."previous_category", old_values."town", old_values."village", old_values."phone", old_values."granted_on", old_values."raw", old_values."verdict", old_values."code", old_values."message", old_values."warnings", old_values."person_id", old_values."settled_how", old_values."settled_reason") IS DISTINCT FROM (new_values."id", new_values."batch_id", new_values."area_id", new_values."line", new_values."id_number", new_values."name", new_values."categories", new_values."category", new_values."previous_category", new_values."town", new_values."village", new_values."phone", new_values."granted_on", new_values."raw", new_values."verdict", new_values."code", new_values."message", new_values."warnings", new_values."person_id", new_values."settled_how", new_values."settled_reason") ) AS old_values, _pgh_attached_context; RETURN NULL;',
                    hash="86f12d7bf8d78e3152a9bcff8b3e0885d6192c87",
                    level="STATEMENT",
                    operation="UPDATE",
                    pgid="pgtrigger_updated_update_97531",
                    referencing="REFERENCING OLD TABLE AS old_values  NEW TABLE AS new_values ",
                    table="relief_rosterentry",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="rosterentry",
            trigger=pgtrigger.compiler.Trigger(
                name="deleted_delete",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "relief_rosterentryevent" ("area_id", "batch_id", "categories", "category", "code", "granted_on", "id", "id_number", "line", "message", "name", "person_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "phone", "previous_category", "raw", "settled_how", "settled_reason", "town", "verdict", "village", "warnings") SELECT old_values."area_id", old_values."batch_id", old_values."categories", old_values."category", old_values."code", old_values."granted_on", old_values."id", old_values."id_number", old_values."line", old_values."message", old_values."name", old_values."person_id", statement_timestamp(), \'deleted\', old_values."id", old_values."phone", old_values."previous_category", old_values."raw", old_values."settled_how", old_values."settled_reason", old_values."town", old_values."verdict", old_values."village", old_values."warnings" FROM ( SELECT old_values.* FROM old_values  ) AS old_values, _pgh_attached_context; RETURN NULL;',
                    hash="d67f026b34b19e4422590c898f7189fb5cbdce31",
                    level="STATEMENT",
                    operation="DELETE",
                    pgid="pgtrigger_deleted_delete_081f3",
                    referencing="REFERENCING OLD TABLE AS old_values ",
                    table="relief_rosterentry",
                    when="AFTER",
                ),
            ),
        ),
        migrations.AddField(
            model_name="reliefstatusevent",
            name="area",
            field=models.ForeignKey(
                db_constraint=False,
                db_index=False,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="+",
                related_query_name="+",
                to="organization.area",
                verbose_name="认定地",
            ),
        ),
        migrations.AddField(
            model_name="reliefstatusevent",
            name="begun_by",
            field=models.ForeignKey(
                db_constraint=False,
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="+",
                related_query_name="+",
                to="trail.importbatch",
                verbose_name="认定批次",
            ),
        ),
        migrations.AddField(
            model_name="reliefstatusevent",
            name="ended_by",
            field=models.ForeignKey(
                blank=True,
                db_constraint=False,
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="+",
                related_query_name="+",
                to="trail.importbatch",
                verbose_name="退出批次",
            ),
        ),
        migrations.AddField(
            model_name="reliefstatusevent",
            name="person",
            field=models.ForeignKey(
                db_constraint=False,
                db_index=False,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="+",
                related_query_name="+",
                to="enrollment.person",
                verbose_name="对象",
            ),
        ),
        migrations.AddField(
            model_name="reliefstatusevent",
            name="pgh_obj",
            field=models.ForeignKey(
                db_constraint=False,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="+",
                related_query_name="+",
                to="relief.reliefstatus",
            ),
        ),
        migrations.AddField(
            model_name="rosterentryevent",
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
            model_name="rosterentryevent",
            name="batch",
            field=models.ForeignKey(
                db_constraint=False,
                db_index=False,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="+",
                related_query_name="+",
                to="trail.importbatch",
                verbose_name="批次",
            ),
        ),
        migrations.AddField(
            model_name="rosterentryevent",
            name="person",
            field=models.ForeignKey(
                blank=True,
                db_constraint=False,
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="+",
                related_query_name="+",
                to="enrollment.person",
                verbose_name="对象",
            ),
        ),
        migrations.AddField(
            model_name="rosterentryevent",
            name="pgh_obj",
            field=models.ForeignKey(
                db_constraint=False,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="+",
                related_query_name="+",
                to="relief.rosterentry",
            ),
        ),
        migrations.RunSQL(KEPT, migrations.RunSQL.noop),
    ]
