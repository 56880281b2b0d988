"""The history of people's files, coverage and recognitions."""

import bureau.fields.encrypted
import django.db.models.deletion
import django.db.models.expressions
import pgtrigger.compiler
import pgtrigger.migrations
from django.db import migrations, models

KEPT = """
CALL trail_keep('enrollment_personevent', 'enrollment_person');
CALL walls_enclose('enrollment_personevent');
CALL trail_keep('enrollment_enrollmentevent', 'enrollment_enrollment');
CALL walls_enclose('enrollment_enrollmentevent');
CALL trail_keep('enrollment_chronicrecognitionevent', 'enrollment_chronicrecognition');
CALL walls_enclose('enrollment_chronicrecognitionevent');
"""


class Migration(migrations.Migration):
    dependencies = [
        ("trail", "0009_kept_history"),
        ("enrollment", "0006_area_stays"),
        ("organization", "0006_history"),
    ]

    operations = [
        migrations.CreateModel(
            name="ChronicRecognitionEvent",
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
                ("disease_code", models.CharField(max_length=6, verbose_name="病种编码")),
                ("disease_name", models.CharField(max_length=60, verbose_name="病种")),
                ("valid_from", models.DateField(verbose_name="认定日期")),
                ("valid_until", models.DateField(blank=True, null=True, verbose_name="终止日期（不含）")),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="EnrollmentEvent",
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
                    "scheme",
                    models.CharField(
                        choices=[("employee", "职工医保"), ("resident", "居民医保")], max_length=10, verbose_name="险种"
                    ),
                ),
                (
                    "employment",
                    models.CharField(
                        blank=True,
                        choices=[("in_service", "在职"), ("retired", "退休")],
                        max_length=10,
                        verbose_name="就业状态",
                    ),
                ),
                ("valid_from", models.DateField(verbose_name="待遇开始")),
                ("valid_until", models.DateField(blank=True, null=True, verbose_name="待遇终止（不含）")),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="PersonEvent",
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
                        context="person.id_number", is_kept=True, verbose_name="身份证号"
                    ),
                ),
                (
                    "phone",
                    bureau.fields.encrypted.EncryptedTextField(
                        blank=True, context="person.phone", is_kept=True, verbose_name="联系电话"
                    ),
                ),
                ("id", models.BigIntegerField()),
                ("name", models.CharField(max_length=60, verbose_name="姓名")),
                (
                    "gender",
                    models.CharField(choices=[("male", "男"), ("female", "女")], max_length=6, verbose_name="性别"),
                ),
                ("born_on", models.DateField(verbose_name="出生日期")),
                ("deceased_on", models.DateField(blank=True, null=True, verbose_name="死亡日期")),
                ("is_registered_poor", models.BooleanField(default=False, verbose_name="建档立卡")),
            ],
            options={
                "abstract": False,
            },
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="chronicrecognition",
            trigger=pgtrigger.compiler.Trigger(
                name="updated_update",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "enrollment_chronicrecognitionevent" ("area_id", "disease_code", "disease_name", "id", "person_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "valid_from", "valid_until") SELECT old_values."area_id", old_values."disease_code", old_values."disease_name", old_values."id", old_values."person_id", statement_timestamp(), \'updated\', old_values."id", old_values."valid_from", old_values."valid_until" FROM ( SELECT old_values.* FROM old_values JOIN new_values ON (old_values."id") = (new_values."id") WHERE (old_values."id", old_values."person_id", old_values."disease_code", old_values."disease_name", old_values."area_id", old_values."valid_from", old_values."valid_until") IS DISTINCT FROM (new_values."id", new_values."person_id", new_values."disease_code", new_values."disease_name", new_values."area_id", new_values."valid_from", new_values."valid_until") ) AS old_values, _pgh_attached_context; RETURN NULL;',
                    hash="9677dc58bdef4505aecf7331dc5b3e0b600252f5",
                    level="STATEMENT",
                    operation="UPDATE",
                    pgid="pgtrigger_updated_update_50ae2",
                    referencing="REFERENCING OLD TABLE AS old_values  NEW TABLE AS new_values ",
                    table="enrollment_chronicrecognition",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="chronicrecognition",
            trigger=pgtrigger.compiler.Trigger(
                name="deleted_delete",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "enrollment_chronicrecognitionevent" ("area_id", "disease_code", "disease_name", "id", "person_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "valid_from", "valid_until") SELECT old_values."area_id", old_values."disease_code", old_values."disease_name", old_values."id", old_values."person_id", statement_timestamp(), \'deleted\', old_values."id", old_values."valid_from", old_values."valid_until" FROM ( SELECT old_values.* FROM old_values  ) AS old_values, _pgh_attached_context; RETURN NULL;',
                    hash="f8ebd96be85cf7c13a5ae014e354fc50e26cefa5",
                    level="STATEMENT",
                    operation="DELETE",
                    pgid="pgtrigger_deleted_delete_c3439",
                    referencing="REFERENCING OLD TABLE AS old_values ",
                    table="enrollment_chronicrecognition",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="chronicrecognition",
            trigger=pgtrigger.compiler.Trigger(
                name="inserted_insert",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "enrollment_chronicrecognitionevent" ("area_id", "disease_code", "disease_name", "id", "person_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "valid_from", "valid_until") SELECT new_values."area_id", new_values."disease_code", new_values."disease_name", new_values."id", new_values."person_id", statement_timestamp(), \'inserted\', new_values."id", new_values."valid_from", new_values."valid_until" FROM ( SELECT new_values.* FROM new_values  ) AS new_values, _pgh_attached_context; RETURN NULL;',
                    hash="b71f69ce2bde666aa84373f52b315fcabc888a2e",
                    level="STATEMENT",
                    operation="INSERT",
                    pgid="pgtrigger_inserted_insert_d654f",
                    referencing="REFERENCING NEW TABLE AS new_values ",
                    table="enrollment_chronicrecognition",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="enrollment",
            trigger=pgtrigger.compiler.Trigger(
                name="updated_update",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "enrollment_enrollmentevent" ("area_id", "employment", "id", "person_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "scheme", "valid_from", "valid_until") SELECT old_values."area_id", old_values."employment", old_values."id", old_values."person_id", statement_timestamp(), \'updated\', old_values."id", old_values."scheme", old_values."valid_from", old_values."valid_until" FROM ( SELECT old_values.* FROM old_values JOIN new_values ON (old_values."id") = (new_values."id") WHERE (old_values."id", old_values."person_id", old_values."scheme", old_values."employment", old_values."area_id", old_values."valid_from", old_values."valid_until") IS DISTINCT FROM (new_values."id", new_values."person_id", new_values."scheme", new_values."employment", new_values."area_id", new_values."valid_from", new_values."valid_until") ) AS old_values, _pgh_attached_context; RETURN NULL;',
                    hash="6a0646659754c8fd7eb7f409ea397f1e6df8e196",
                    level="STATEMENT",
                    operation="UPDATE",
                    pgid="pgtrigger_updated_update_f07d2",
                    referencing="REFERENCING OLD TABLE AS old_values  NEW TABLE AS new_values ",
                    table="enrollment_enrollment",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="enrollment",
            trigger=pgtrigger.compiler.Trigger(
                name="deleted_delete",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "enrollment_enrollmentevent" ("area_id", "employment", "id", "person_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "scheme", "valid_from", "valid_until") SELECT old_values."area_id", old_values."employment", old_values."id", old_values."person_id", statement_timestamp(), \'deleted\', old_values."id", old_values."scheme", old_values."valid_from", old_values."valid_until" FROM ( SELECT old_values.* FROM old_values  ) AS old_values, _pgh_attached_context; RETURN NULL;',
                    hash="b45a120e2075831bc66b6936aa9511b2b2a3c466",
                    level="STATEMENT",
                    operation="DELETE",
                    pgid="pgtrigger_deleted_delete_1cab5",
                    referencing="REFERENCING OLD TABLE AS old_values ",
                    table="enrollment_enrollment",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="enrollment",
            trigger=pgtrigger.compiler.Trigger(
                name="inserted_insert",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "enrollment_enrollmentevent" ("area_id", "employment", "id", "person_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "scheme", "valid_from", "valid_until") SELECT new_values."area_id", new_values."employment", new_values."id", new_values."person_id", statement_timestamp(), \'inserted\', new_values."id", new_values."scheme", new_values."valid_from", new_values."valid_until" FROM ( SELECT new_values.* FROM new_values  ) AS new_values, _pgh_attached_context; RETURN NULL;',
                    hash="354f24bbd6bbf390ead609c2c372b75a2733c3c5",
                    level="STATEMENT",
                    operation="INSERT",
                    pgid="pgtrigger_inserted_insert_c09a8",
                    referencing="REFERENCING NEW TABLE AS new_values ",
                    table="enrollment_enrollment",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="person",
            trigger=pgtrigger.compiler.Trigger(
                name="updated_update",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "enrollment_personevent" ("area_id", "born_on", "deceased_on", "gender", "id", "id_number", "is_registered_poor", "name", "pgh_created_at", "pgh_label", "pgh_obj_id", "phone") SELECT old_values."area_id", old_values."born_on", old_values."deceased_on", old_values."gender", old_values."id", old_values."id_number", old_values."is_registered_poor", old_values."name", statement_timestamp(), \'updated\', old_values."id", old_values."phone" FROM ( SELECT old_values.* FROM old_values JOIN new_values ON (old_values."id") = (new_values."id") WHERE (old_values."id", old_values."id_number", old_values."name", old_values."gender", old_values."born_on", old_values."deceased_on", old_values."phone", old_values."area_id", old_values."is_registered_poor") IS DISTINCT FROM (new_values."id", new_values."id_number", new_values."name", new_values."gender", new_values."born_on", new_values."deceased_on", new_values."phone", new_values."area_id", new_values."is_registered_poor") ) AS old_values, _pgh_attached_context; RETURN NULL;',
                    hash="7cecd570d14ac65a7391b50b91cd4fe5ac92f99b",
                    level="STATEMENT",
                    operation="UPDATE",
                    pgid="pgtrigger_updated_update_a69d4",
                    referencing="REFERENCING OLD TABLE AS old_values  NEW TABLE AS new_values ",
                    table="enrollment_person",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="person",
            trigger=pgtrigger.compiler.Trigger(
                name="deleted_delete",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "enrollment_personevent" ("area_id", "born_on", "deceased_on", "gender", "id", "id_number", "is_registered_poor", "name", "pgh_created_at", "pgh_label", "pgh_obj_id", "phone") SELECT old_values."area_id", old_values."born_on", old_values."deceased_on", old_values."gender", old_values."id", old_values."id_number", old_values."is_registered_poor", old_values."name", statement_timestamp(), \'deleted\', old_values."id", old_values."phone" FROM ( SELECT old_values.* FROM old_values  ) AS old_values, _pgh_attached_context; RETURN NULL;',
                    hash="26f0dc085c9d95dcbb6fad8f18991d5771e1ff0f",
                    level="STATEMENT",
                    operation="DELETE",
                    pgid="pgtrigger_deleted_delete_5ac5f",
                    referencing="REFERENCING OLD TABLE AS old_values ",
                    table="enrollment_person",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="person",
            trigger=pgtrigger.compiler.Trigger(
                name="inserted_insert",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "enrollment_personevent" ("area_id", "born_on", "deceased_on", "gender", "id", "id_number", "is_registered_poor", "name", "pgh_created_at", "pgh_label", "pgh_obj_id", "phone") SELECT new_values."area_id", new_values."born_on", new_values."deceased_on", new_values."gender", new_values."id", new_values."id_number", new_values."is_registered_poor", new_values."name", statement_timestamp(), \'inserted\', new_values."id", new_values."phone" FROM ( SELECT new_values.* FROM new_values  ) AS new_values, _pgh_attached_context; RETURN NULL;',
                    hash="305742e4729c1e25bfb6399c61d084c93fcdb96a",
                    level="STATEMENT",
                    operation="INSERT",
                    pgid="pgtrigger_inserted_insert_86472",
                    referencing="REFERENCING NEW TABLE AS new_values ",
                    table="enrollment_person",
                    when="AFTER",
                ),
            ),
        ),
        migrations.AddField(
            model_name="chronicrecognitionevent",
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
            model_name="chronicrecognitionevent",
            name="person",
            field=models.ForeignKey(
                db_constraint=False,
                db_index=False,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="+",
                related_query_name="+",
                to="enrollment.person",
                verbose_name="参保人",
            ),
        ),
        migrations.AddField(
            model_name="chronicrecognitionevent",
            name="pgh_obj",
            field=models.ForeignKey(
                db_constraint=False,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="+",
                related_query_name="+",
                to="enrollment.chronicrecognition",
            ),
        ),
        migrations.AddField(
            model_name="enrollmentevent",
            name="area",
            field=models.ForeignKey(
                db_constraint=False,
                db_index=False,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="+",
                related_query_name="+",
                to="organization.area",
                verbose_name="参保地",
            ),
        ),
        migrations.AddField(
            model_name="enrollmentevent",
            name="person",
            field=models.ForeignKey(
                db_constraint=False,
                db_index=False,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="+",
                related_query_name="+",
                to="enrollment.person",
                verbose_name="参保人",
            ),
        ),
        migrations.AddField(
            model_name="enrollmentevent",
            name="pgh_obj",
            field=models.ForeignKey(
                db_constraint=False,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="+",
                related_query_name="+",
                to="enrollment.enrollment",
            ),
        ),
        migrations.AddField(
            model_name="personevent",
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
            model_name="personevent",
            name="pgh_obj",
            field=models.ForeignKey(
                db_constraint=False,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="+",
                related_query_name="+",
                to="enrollment.person",
            ),
        ),
        migrations.RunSQL(KEPT, migrations.RunSQL.noop),
    ]
