"""The history of releases."""

import django.db.models.deletion
import django.db.models.expressions
import pgtrigger.compiler
import pgtrigger.migrations
from django.conf import settings
from django.db import migrations, models

KEPT = """
CALL trail_keep('policy_releaseevent', 'policy_release');
CALL walls_share('policy_releaseevent');
"""


class Migration(migrations.Migration):
    dependencies = [
        ("trail", "0009_kept_history"),
        ("organization", "0006_history"),
        ("policy", "0006_published_by_a_checker"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="ReleaseEvent",
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
                ("city", models.CharField(max_length=20, verbose_name="城市")),
                ("number", models.PositiveIntegerField(verbose_name="发布号")),
                (
                    "stage",
                    models.CharField(
                        choices=[
                            ("draft", "草稿"),
                            ("submitted", "待复核"),
                            ("checked", "待发布"),
                            ("published", "生效中"),
                            ("superseded", "已失效"),
                            ("withdrawn", "已作废"),
                        ],
                        default="draft",
                        max_length=12,
                        verbose_name="状态",
                    ),
                ),
                ("sha256", models.CharField(max_length=64, verbose_name="指纹")),
                ("note", models.CharField(blank=True, max_length=200, verbose_name="说明")),
                ("created_at", models.DateTimeField(auto_now_add=True, verbose_name="起草时间")),
                ("submitted_at", models.DateTimeField(blank=True, null=True, verbose_name="送审时间")),
                ("submitted_sha256", models.CharField(blank=True, max_length=64, verbose_name="送审指纹")),
                ("return_reason", models.CharField(blank=True, max_length=200, verbose_name="退回原因")),
                ("checked_at", models.DateTimeField(blank=True, null=True, verbose_name="复核时间")),
                ("checked_sha256", models.CharField(blank=True, max_length=64, verbose_name="复核指纹")),
                ("checked_against", models.CharField(blank=True, max_length=64, verbose_name="复核时的现行指纹")),
                ("published_at", models.DateTimeField(blank=True, null=True, verbose_name="发布时间")),
            ],
            options={
                "abstract": False,
            },
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="release",
            trigger=pgtrigger.compiler.Trigger(
                name="updated_update",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "policy_releaseevent" ("area_id", "base_id", "checked_against", "checked_at", "checked_by_id", "checked_sha256", "city", "created_at", "drafted_by_id", "id", "note", "number", "pgh_created_at", "pgh_label", "pgh_obj_id", "published_at", "published_by_id", "return_reason", "sha256", "stage", "submitted_at", "submitted_sha256") SELECT old_values."area_id", old_values."base_id", old_values."checked_against", old_values."checked_at", old_values."checked_by_id", old_values."checked_sha256", old_values."city", old_values."created_at", old_values."drafted_by_id", old_values."id", old_values."note", old_values."number", statement_timestamp(), \'updated\', old_values."id", old_values."published_at", old_values."published_by_id", old_values."return_reason", old_values."sha256", old_values."stage", old_values."submitted_at", old_values."submitted_sha256" FROM ( SELECT old_values.* FROM old_values JOIN new_values ON (old_values."id") = (new_values."id") WHERE (old_values."id", old_values."city", old_values."number", old_values."area_id", old_values."stage", old_values."sha256", old_values."note", old_values."created_at", old_values."drafted_by_id", old_values."base_id", old_values."submitted_at", old_values."submitted_sha256", old_values."return_reason", old_values."checked_at", old_values."checked_by_id", old_values."checked_sha256", old_values."checked_against", old_values."published_at", old_values."published_by_id") IS DISTINCT FROM (new_values."id", new_values."city", new_values."number", new_values."area_id", new_values."stage", new_values."sha256", new_values."note", new_values."created_at", new_values."drafted_by_id", new_values."base_id", new_values."submitted_at", new_values."submitted_sha256", new_values."return_reason", new_values."checked_at", new_values."checked_by_id", new_values."checked_sha256", new_values."checked_against", new_values."published_at", new_values."published_by_id") ) AS old_values, _pgh_attached_context; RETURN NULL;',
                    hash="0a64b47ba6438e49fdd4ccc9c2ecc0a196e59a04",
                    level="STATEMENT",
                    operation="UPDATE",
                    pgid="pgtrigger_updated_update_1c97f",
                    referencing="REFERENCING OLD TABLE AS old_values  NEW TABLE AS new_values ",
                    table="policy_release",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="release",
            trigger=pgtrigger.compiler.Trigger(
                name="deleted_delete",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "policy_releaseevent" ("area_id", "base_id", "checked_against", "checked_at", "checked_by_id", "checked_sha256", "city", "created_at", "drafted_by_id", "id", "note", "number", "pgh_created_at", "pgh_label", "pgh_obj_id", "published_at", "published_by_id", "return_reason", "sha256", "stage", "submitted_at", "submitted_sha256") SELECT old_values."area_id", old_values."base_id", old_values."checked_against", old_values."checked_at", old_values."checked_by_id", old_values."checked_sha256", old_values."city", old_values."created_at", old_values."drafted_by_id", old_values."id", old_values."note", old_values."number", statement_timestamp(), \'deleted\', old_values."id", old_values."published_at", old_values."published_by_id", old_values."return_reason", old_values."sha256", old_values."stage", old_values."submitted_at", old_values."submitted_sha256" FROM ( SELECT old_values.* FROM old_values  ) AS old_values, _pgh_attached_context; RETURN NULL;',
                    hash="cfe91f0cb977415e3e692da1b4ce27a81388c44a",
                    level="STATEMENT",
                    operation="DELETE",
                    pgid="pgtrigger_deleted_delete_c514c",
                    referencing="REFERENCING OLD TABLE AS old_values ",
                    table="policy_release",
                    when="AFTER",
                ),
            ),
        ),
        migrations.AddField(
            model_name="releaseevent",
            name="area",
            field=models.ForeignKey(
                db_constraint=False,
                db_index=False,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="+",
                related_query_name="+",
                to="organization.area",
                verbose_name="统筹区",
            ),
        ),
        migrations.AddField(
            model_name="releaseevent",
            name="base",
            field=models.ForeignKey(
                blank=True,
                db_constraint=False,
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="+",
                related_query_name="+",
                to="policy.release",
                verbose_name="起草所依据的发布",
            ),
        ),
        migrations.AddField(
            model_name="releaseevent",
            name="checked_by",
            field=models.ForeignKey(
                blank=True,
                db_constraint=False,
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="+",
                related_query_name="+",
                to=settings.AUTH_USER_MODEL,
                verbose_name="复核人",
            ),
        ),
        migrations.AddField(
            model_name="releaseevent",
            name="drafted_by",
            field=models.ForeignKey(
                db_constraint=False,
                db_index=False,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="+",
                related_query_name="+",
                to=settings.AUTH_USER_MODEL,
                verbose_name="起草人",
            ),
        ),
        migrations.AddField(
            model_name="releaseevent",
            name="pgh_obj",
            field=models.ForeignKey(
                db_constraint=False,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="+",
                related_query_name="+",
                to="policy.release",
            ),
        ),
        migrations.AddField(
            model_name="releaseevent",
            name="published_by",
            field=models.ForeignKey(
                blank=True,
                db_constraint=False,
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="+",
                related_query_name="+",
                to=settings.AUTH_USER_MODEL,
                verbose_name="发布人",
            ),
        ),
        migrations.RunSQL(KEPT, migrations.RunSQL.noop),
    ]
