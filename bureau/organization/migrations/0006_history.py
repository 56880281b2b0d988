"""The history of staff and of their duties; both are written before anybody is named, and shown by area."""

import django.contrib.auth.validators
import django.db.models.deletion
import django.db.models.expressions
import django.utils.timezone
import pgtrigger.compiler
import pgtrigger.migrations
from django.conf import settings
from django.db import migrations, models

KEPT = """
CALL trail_keep('organization_staffevent', 'organization_staff');
CALL trail_keep('organization_dutyassignmentevent', 'organization_dutyassignment');
ALTER TABLE organization_staffevent ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY read_by_area ON organization_staffevent FOR SELECT
    USING (coalesce(area_id, '')::text ^@@ (SELECT walls_reach()));
CREATE POLICY written_by_trigger ON organization_staffevent FOR INSERT WITH CHECK (true);
ALTER TABLE organization_dutyassignmentevent ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY read_by_area ON organization_dutyassignmentevent FOR SELECT USING (EXISTS (
    SELECT 1 FROM organization_staff holder WHERE holder.id = staff_id
       AND coalesce(holder.area_id, '')::text ^@@ (SELECT walls_reach())
));
CREATE POLICY written_by_trigger ON organization_dutyassignmentevent FOR INSERT WITH CHECK (true);
"""


class Migration(migrations.Migration):
    dependencies = [
        ("trail", "0009_kept_history"),
        ("organization", "0005_institution_calls"),
    ]

    operations = [
        migrations.CreateModel(
            name="DutyAssignmentEvent",
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
                (
                    "duty",
                    models.CharField(
                        choices=[
                            ("counter", "综合柜员"),
                            ("relief", "救助经办"),
                            ("relief_check", "救助复核"),
                            ("review_first", "初审"),
                            ("review_second", "复审"),
                            ("review_final", "终审"),
                            ("institutions", "机构管理"),
                            ("finance", "基金会计"),
                            ("finance_approval", "财务审批"),
                            ("cashier", "出纳"),
                            ("policy", "政策管理"),
                            ("policy_check", "政策复核"),
                            ("audit", "稽核"),
                            ("leader_county", "县区领导"),
                            ("leader_city", "市级领导"),
                            ("town", "乡镇经办"),
                            ("system", "系统管理员"),
                            ("security", "安全管理员"),
                            ("trail", "审计员"),
                        ],
                        max_length=20,
                        verbose_name="岗位",
                    ),
                ),
                ("valid_from", models.DateField(verbose_name="任职日期")),
                ("valid_until", models.DateField(blank=True, null=True, verbose_name="离任日期")),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="StaffEvent",
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
                (
                    "is_superuser",
                    models.BooleanField(
                        default=False,
                        help_text="Designates that this user has all permissions without explicitly assigning them.",
                        verbose_name="superuser status",
                    ),
                ),
                ("first_name", models.CharField(blank=True, max_length=150, verbose_name="first name")),
                ("last_name", models.CharField(blank=True, max_length=150, verbose_name="last name")),
                ("email", models.EmailField(blank=True, max_length=254, verbose_name="email address")),
                (
                    "is_staff",
                    models.BooleanField(
                        default=False,
                        help_text="Designates whether the user can log into this admin site.",
                        verbose_name="staff status",
                    ),
                ),
                (
                    "is_active",
                    models.BooleanField(
                        default=True,
                        help_text="Designates whether this user should be treated as active. Unselect this instead of deleting accounts.",
                        verbose_name="active",
                    ),
                ),
                ("date_joined", models.DateTimeField(default=django.utils.timezone.now, verbose_name="date joined")),
                (
                    "username",
                    models.CharField(
                        max_length=60,
                        validators=[django.contrib.auth.validators.UnicodeUsernameValidator()],
                        verbose_name="用户名",
                    ),
                ),
                ("full_name", models.CharField(max_length=40, verbose_name="姓名")),
            ],
            options={
                "abstract": False,
            },
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="dutyassignment",
            trigger=pgtrigger.compiler.Trigger(
                name="updated_update",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "organization_dutyassignmentevent" ("duty", "id", "pgh_created_at", "pgh_label", "pgh_obj_id", "staff_id", "valid_from", "valid_until") SELECT old_values."duty", old_values."id", statement_timestamp(), \'updated\', old_values."id", old_values."staff_id", old_values."valid_from", old_values."valid_until" FROM ( SELECT old_values.* FROM old_values JOIN new_values ON (old_values."id") = (new_values."id") WHERE (old_values."id", old_values."staff_id", old_values."duty", old_values."valid_from", old_values."valid_until") IS DISTINCT FROM (new_values."id", new_values."staff_id", new_values."duty", new_values."valid_from", new_values."valid_until") ) AS old_values, _pgh_attached_context; RETURN NULL;',
                    hash="c26b3f1715bff9359a0217e8984c9114078ca118",
                    level="STATEMENT",
                    operation="UPDATE",
                    pgid="pgtrigger_updated_update_d442c",
                    referencing="REFERENCING OLD TABLE AS old_values  NEW TABLE AS new_values ",
                    table="organization_dutyassignment",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="dutyassignment",
            trigger=pgtrigger.compiler.Trigger(
                name="deleted_delete",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "organization_dutyassignmentevent" ("duty", "id", "pgh_created_at", "pgh_label", "pgh_obj_id", "staff_id", "valid_from", "valid_until") SELECT old_values."duty", old_values."id", statement_timestamp(), \'deleted\', old_values."id", old_values."staff_id", old_values."valid_from", old_values."valid_until" FROM ( SELECT old_values.* FROM old_values  ) AS old_values, _pgh_attached_context; RETURN NULL;',
                    hash="9dbb76a43fc090451fa16d4e2237506da7e121a0",
                    level="STATEMENT",
                    operation="DELETE",
                    pgid="pgtrigger_deleted_delete_1beb9",
                    referencing="REFERENCING OLD TABLE AS old_values ",
                    table="organization_dutyassignment",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="dutyassignment",
            trigger=pgtrigger.compiler.Trigger(
                name="inserted_insert",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "organization_dutyassignmentevent" ("duty", "id", "pgh_created_at", "pgh_label", "pgh_obj_id", "staff_id", "valid_from", "valid_until") SELECT new_values."duty", new_values."id", statement_timestamp(), \'inserted\', new_values."id", new_values."staff_id", new_values."valid_from", new_values."valid_until" FROM ( SELECT new_values.* FROM new_values  ) AS new_values, _pgh_attached_context; RETURN NULL;',
                    hash="cd37e80f2397425a96a890fb6a77e7ea76bac96b",
                    level="STATEMENT",
                    operation="INSERT",
                    pgid="pgtrigger_inserted_insert_7c46d",
                    referencing="REFERENCING NEW TABLE AS new_values ",
                    table="organization_dutyassignment",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="staff",
            trigger=pgtrigger.compiler.Trigger(
                name="updated_update",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "organization_staffevent" ("area_id", "date_joined", "email", "first_name", "full_name", "id", "is_active", "is_staff", "is_superuser", "last_name", "office_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "username") SELECT old_values."area_id", old_values."date_joined", old_values."email", old_values."first_name", old_values."full_name", old_values."id", old_values."is_active", old_values."is_staff", old_values."is_superuser", old_values."last_name", old_values."office_id", statement_timestamp(), \'updated\', old_values."id", old_values."username" FROM ( SELECT old_values.* FROM old_values JOIN new_values ON (old_values."id") = (new_values."id") WHERE (old_values."id", old_values."is_superuser", old_values."first_name", old_values."last_name", old_values."email", old_values."is_staff", old_values."is_active", old_values."date_joined", old_values."username", old_values."full_name", old_values."area_id", old_values."office_id") IS DISTINCT FROM (new_values."id", new_values."is_superuser", new_values."first_name", new_values."last_name", new_values."email", new_values."is_staff", new_values."is_active", new_values."date_joined", new_values."username", new_values."full_name", new_values."area_id", new_values."office_id") ) AS old_values, _pgh_attached_context; RETURN NULL;',
                    hash="a9549c92a53b7e16ce0286783ea68fd5cc0f753b",
                    level="STATEMENT",
                    operation="UPDATE",
                    pgid="pgtrigger_updated_update_4409f",
                    referencing="REFERENCING OLD TABLE AS old_values  NEW TABLE AS new_values ",
                    table="organization_staff",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="staff",
            trigger=pgtrigger.compiler.Trigger(
                name="deleted_delete",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "organization_staffevent" ("area_id", "date_joined", "email", "first_name", "full_name", "id", "is_active", "is_staff", "is_superuser", "last_name", "office_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "username") SELECT old_values."area_id", old_values."date_joined", old_values."email", old_values."first_name", old_values."full_name", old_values."id", old_values."is_active", old_values."is_staff", old_values."is_superuser", old_values."last_name", old_values."office_id", statement_timestamp(), \'deleted\', old_values."id", old_values."username" FROM ( SELECT old_values.* FROM old_values  ) AS old_values, _pgh_attached_context; RETURN NULL;',
                    hash="b444bc00076c524b38db1e06be627e23d14ee4e9",
                    level="STATEMENT",
                    operation="DELETE",
                    pgid="pgtrigger_deleted_delete_76bf1",
                    referencing="REFERENCING OLD TABLE AS old_values ",
                    table="organization_staff",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="staff",
            trigger=pgtrigger.compiler.Trigger(
                name="inserted_insert",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "organization_staffevent" ("area_id", "date_joined", "email", "first_name", "full_name", "id", "is_active", "is_staff", "is_superuser", "last_name", "office_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "username") SELECT new_values."area_id", new_values."date_joined", new_values."email", new_values."first_name", new_values."full_name", new_values."id", new_values."is_active", new_values."is_staff", new_values."is_superuser", new_values."last_name", new_values."office_id", statement_timestamp(), \'inserted\', new_values."id", new_values."username" FROM ( SELECT new_values.* FROM new_values  ) AS new_values, _pgh_attached_context; RETURN NULL;',
                    hash="96e8ca4dcc97f495ffd4bd96563ad6e42292ed59",
                    level="STATEMENT",
                    operation="INSERT",
                    pgid="pgtrigger_inserted_insert_e097c",
                    referencing="REFERENCING NEW TABLE AS new_values ",
                    table="organization_staff",
                    when="AFTER",
                ),
            ),
        ),
        migrations.AddField(
            model_name="dutyassignmentevent",
            name="pgh_obj",
            field=models.ForeignKey(
                db_constraint=False,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="+",
                related_query_name="+",
                to="organization.dutyassignment",
            ),
        ),
        migrations.AddField(
            model_name="dutyassignmentevent",
            name="staff",
            field=models.ForeignKey(
                db_constraint=False,
                db_index=False,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="+",
                related_query_name="+",
                to=settings.AUTH_USER_MODEL,
                verbose_name="工作人员",
            ),
        ),
        migrations.AddField(
            model_name="staffevent",
            name="area",
            field=models.ForeignKey(
                db_constraint=False,
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="+",
                related_query_name="+",
                to="organization.area",
                verbose_name="所在区划",
            ),
        ),
        migrations.AddField(
            model_name="staffevent",
            name="office",
            field=models.ForeignKey(
                blank=True,
                db_constraint=False,
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="+",
                related_query_name="+",
                to="organization.office",
                verbose_name="科室窗口",
            ),
        ),
        migrations.AddField(
            model_name="staffevent",
            name="pgh_obj",
            field=models.ForeignKey(
                db_constraint=False,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="+",
                related_query_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.RunSQL(KEPT, migrations.RunSQL.noop),
    ]
