"""The history of institutions, what they may do, and their agreements."""

import bureau.fields.encrypted
import django.db.models.deletion
import django.db.models.expressions
import pgtrigger.compiler
import pgtrigger.migrations
from django.db import migrations, models

KEPT = """
CALL trail_keep('institutions_institutionevent', 'institutions_institution');
CALL walls_enclose('institutions_institutionevent');
CALL trail_keep('institutions_institutioncapabilityevent', 'institutions_institutioncapability');
CALL walls_enclose('institutions_institutioncapabilityevent');
CALL trail_keep('institutions_agreementevent', 'institutions_agreement');
CALL walls_enclose('institutions_agreementevent');
"""


class Migration(migrations.Migration):
    dependencies = [
        ("trail", "0009_kept_history"),
        ("institutions", "0005_area_stays"),
        ("organization", "0006_history"),
    ]

    operations = [
        migrations.CreateModel(
            name="AgreementEvent",
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
                ("number", models.CharField(max_length=40, verbose_name="协议编号")),
                (
                    "stage",
                    models.CharField(
                        choices=[("active", "协议有效"), ("suspended", "中止协议"), ("terminated", "解除协议")],
                        default="active",
                        max_length=10,
                        verbose_name="状态",
                    ),
                ),
                ("signed_on", models.DateField(verbose_name="签订日期")),
                ("valid_from", models.DateField(verbose_name="生效日期")),
                ("valid_until", models.DateField(blank=True, null=True, verbose_name="到期日期（不含）")),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="InstitutionCapabilityEvent",
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
                    "capability",
                    models.CharField(
                        choices=[
                            ("outpatient_pooling", "门诊统筹"),
                            ("chronic", "门诊慢特病"),
                            ("dialysis", "门诊透析"),
                            ("inpatient", "住院"),
                            ("maternity", "生育"),
                        ],
                        max_length=20,
                        verbose_name="服务资格",
                    ),
                ),
                ("valid_from", models.DateField(verbose_name="取得日期")),
                ("valid_until", models.DateField(blank=True, null=True, verbose_name="终止日期（不含）")),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="InstitutionEvent",
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
                        blank=True, context="institution.bank_account", is_kept=True, verbose_name="银行账号"
                    ),
                ),
                (
                    "contact",
                    bureau.fields.encrypted.EncryptedTextField(
                        blank=True, context="institution.contact", is_kept=True, verbose_name="联系电话"
                    ),
                ),
                ("id", models.BigIntegerField()),
                ("code", models.CharField(max_length=12, verbose_name="机构编码")),
                ("name", models.CharField(max_length=80, verbose_name="机构名称")),
                (
                    "kind",
                    models.CharField(
                        choices=[("hospital", "定点医疗机构"), ("pharmacy", "定点零售药店")],
                        max_length=10,
                        verbose_name="类别",
                    ),
                ),
                (
                    "level",
                    models.CharField(
                        choices=[
                            ("primary", "一级及以下"),
                            ("secondary", "二级"),
                            ("tertiary", "三级"),
                            ("pharmacy", "药店"),
                        ],
                        max_length=10,
                        verbose_name="等级",
                    ),
                ),
                ("credit_code", models.CharField(blank=True, max_length=18, verbose_name="统一社会信用代码")),
                ("bank_name", models.CharField(blank=True, max_length=80, verbose_name="开户行")),
            ],
            options={
                "abstract": False,
            },
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="agreement",
            trigger=pgtrigger.compiler.Trigger(
                name="updated_update",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "institutions_agreementevent" ("area_id", "id", "institution_id", "number", "pgh_created_at", "pgh_label", "pgh_obj_id", "signed_on", "stage", "valid_from", "valid_until") SELECT old_values."area_id", old_values."id", old_values."institution_id", old_values."number", statement_timestamp(), \'updated\', old_values."id", old_values."signed_on", old_values."stage", old_values."valid_from", old_values."valid_until" FROM ( SELECT old_values.* FROM old_values JOIN new_values ON (old_values."id") = (new_values."id") WHERE (old_values."id", old_values."institution_id", old_values."number", old_values."area_id", old_values."stage", old_values."signed_on", old_values."valid_from", old_values."valid_until") IS DISTINCT FROM (new_values."id", new_values."institution_id", new_values."number", new_values."area_id", new_values."stage", new_values."signed_on", new_values."valid_from", new_values."valid_until") ) AS old_values, _pgh_attached_context; RETURN NULL;',
                    hash="f0e55c5886768b7b02f0818ca819a7948a9becc2",
                    level="STATEMENT",
                    operation="UPDATE",
                    pgid="pgtrigger_updated_update_83c4e",
                    referencing="REFERENCING OLD TABLE AS old_values  NEW TABLE AS new_values ",
                    table="institutions_agreement",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="agreement",
            trigger=pgtrigger.compiler.Trigger(
                name="deleted_delete",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "institutions_agreementevent" ("area_id", "id", "institution_id", "number", "pgh_created_at", "pgh_label", "pgh_obj_id", "signed_on", "stage", "valid_from", "valid_until") SELECT old_values."area_id", old_values."id", old_values."institution_id", old_values."number", statement_timestamp(), \'deleted\', old_values."id", old_values."signed_on", old_values."stage", old_values."valid_from", old_values."valid_until" FROM ( SELECT old_values.* FROM old_values  ) AS old_values, _pgh_attached_context; RETURN NULL;',
                    hash="907436b52660f67bd17ad1c85184f688acd3d2e2",
                    level="STATEMENT",
                    operation="DELETE",
                    pgid="pgtrigger_deleted_delete_052cc",
                    referencing="REFERENCING OLD TABLE AS old_values ",
                    table="institutions_agreement",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="agreement",
            trigger=pgtrigger.compiler.Trigger(
                name="inserted_insert",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "institutions_agreementevent" ("area_id", "id", "institution_id", "number", "pgh_created_at", "pgh_label", "pgh_obj_id", "signed_on", "stage", "valid_from", "valid_until") SELECT new_values."area_id", new_values."id", new_values."institution_id", new_values."number", statement_timestamp(), \'inserted\', new_values."id", new_values."signed_on", new_values."stage", new_values."valid_from", new_values."valid_until" FROM ( SELECT new_values.* FROM new_values  ) AS new_values, _pgh_attached_context; RETURN NULL;',
                    hash="5efd167c03a9875a084bb44e80c08599c587ab76",
                    level="STATEMENT",
                    operation="INSERT",
                    pgid="pgtrigger_inserted_insert_9e04f",
                    referencing="REFERENCING NEW TABLE AS new_values ",
                    table="institutions_agreement",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="institution",
            trigger=pgtrigger.compiler.Trigger(
                name="updated_update",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "institutions_institutionevent" ("area_id", "bank_account", "bank_name", "code", "contact", "credit_code", "id", "kind", "level", "name", "pgh_created_at", "pgh_label", "pgh_obj_id") SELECT old_values."area_id", old_values."bank_account", old_values."bank_name", old_values."code", old_values."contact", old_values."credit_code", old_values."id", old_values."kind", old_values."level", old_values."name", statement_timestamp(), \'updated\', old_values."id" FROM ( SELECT old_values.* FROM old_values JOIN new_values ON (old_values."id") = (new_values."id") WHERE (old_values."id", old_values."code", old_values."name", old_values."kind", old_values."level", old_values."area_id", old_values."credit_code", old_values."bank_name", old_values."bank_account", old_values."contact") IS DISTINCT FROM (new_values."id", new_values."code", new_values."name", new_values."kind", new_values."level", new_values."area_id", new_values."credit_code", new_values."bank_name", new_values."bank_account", new_values."contact") ) AS old_values, _pgh_attached_context; RETURN NULL;',
                    hash="d76016f99b87134bb4802783c53cd2a199875637",
                    level="STATEMENT",
                    operation="UPDATE",
                    pgid="pgtrigger_updated_update_c918c",
                    referencing="REFERENCING OLD TABLE AS old_values  NEW TABLE AS new_values ",
                    table="institutions_institution",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="institution",
            trigger=pgtrigger.compiler.Trigger(
                name="deleted_delete",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "institutions_institutionevent" ("area_id", "bank_account", "bank_name", "code", "contact", "credit_code", "id", "kind", "level", "name", "pgh_created_at", "pgh_label", "pgh_obj_id") SELECT old_values."area_id", old_values."bank_account", old_values."bank_name", old_values."code", old_values."contact", old_values."credit_code", old_values."id", old_values."kind", old_values."level", old_values."name", statement_timestamp(), \'deleted\', old_values."id" FROM ( SELECT old_values.* FROM old_values  ) AS old_values, _pgh_attached_context; RETURN NULL;',
                    hash="40e53a89410b50225449ddc404a9e5d12b50e436",
                    level="STATEMENT",
                    operation="DELETE",
                    pgid="pgtrigger_deleted_delete_e569c",
                    referencing="REFERENCING OLD TABLE AS old_values ",
                    table="institutions_institution",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="institution",
            trigger=pgtrigger.compiler.Trigger(
                name="inserted_insert",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "institutions_institutionevent" ("area_id", "bank_account", "bank_name", "code", "contact", "credit_code", "id", "kind", "level", "name", "pgh_created_at", "pgh_label", "pgh_obj_id") SELECT new_values."area_id", new_values."bank_account", new_values."bank_name", new_values."code", new_values."contact", new_values."credit_code", new_values."id", new_values."kind", new_values."level", new_values."name", statement_timestamp(), \'inserted\', new_values."id" FROM ( SELECT new_values.* FROM new_values  ) AS new_values, _pgh_attached_context; RETURN NULL;',
                    hash="8944fdcb81e6185159f667c84a940a7c4862af4a",
                    level="STATEMENT",
                    operation="INSERT",
                    pgid="pgtrigger_inserted_insert_2e976",
                    referencing="REFERENCING NEW TABLE AS new_values ",
                    table="institutions_institution",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="institutioncapability",
            trigger=pgtrigger.compiler.Trigger(
                name="updated_update",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "institutions_institutioncapabilityevent" ("area_id", "capability", "id", "institution_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "valid_from", "valid_until") SELECT old_values."area_id", old_values."capability", old_values."id", old_values."institution_id", statement_timestamp(), \'updated\', old_values."id", old_values."valid_from", old_values."valid_until" FROM ( SELECT old_values.* FROM old_values JOIN new_values ON (old_values."id") = (new_values."id") WHERE (old_values."id", old_values."institution_id", old_values."capability", old_values."area_id", old_values."valid_from", old_values."valid_until") IS DISTINCT FROM (new_values."id", new_values."institution_id", new_values."capability", new_values."area_id", new_values."valid_from", new_values."valid_until") ) AS old_values, _pgh_attached_context; RETURN NULL;',
                    hash="1413b2c34c66cafdcfa79ded5121dc8d98e446db",
                    level="STATEMENT",
                    operation="UPDATE",
                    pgid="pgtrigger_updated_update_21494",
                    referencing="REFERENCING OLD TABLE AS old_values  NEW TABLE AS new_values ",
                    table="institutions_institutioncapability",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="institutioncapability",
            trigger=pgtrigger.compiler.Trigger(
                name="deleted_delete",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "institutions_institutioncapabilityevent" ("area_id", "capability", "id", "institution_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "valid_from", "valid_until") SELECT old_values."area_id", old_values."capability", old_values."id", old_values."institution_id", statement_timestamp(), \'deleted\', old_values."id", old_values."valid_from", old_values."valid_until" FROM ( SELECT old_values.* FROM old_values  ) AS old_values, _pgh_attached_context; RETURN NULL;',
                    hash="e7c0da9b461214c9550f97e7949f51f0e43bec87",
                    level="STATEMENT",
                    operation="DELETE",
                    pgid="pgtrigger_deleted_delete_2718d",
                    referencing="REFERENCING OLD TABLE AS old_values ",
                    table="institutions_institutioncapability",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="institutioncapability",
            trigger=pgtrigger.compiler.Trigger(
                name="inserted_insert",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "institutions_institutioncapabilityevent" ("area_id", "capability", "id", "institution_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "valid_from", "valid_until") SELECT new_values."area_id", new_values."capability", new_values."id", new_values."institution_id", statement_timestamp(), \'inserted\', new_values."id", new_values."valid_from", new_values."valid_until" FROM ( SELECT new_values.* FROM new_values  ) AS new_values, _pgh_attached_context; RETURN NULL;',
                    hash="dc37ebf4346255298feb32a9e112437e5d5214c7",
                    level="STATEMENT",
                    operation="INSERT",
                    pgid="pgtrigger_inserted_insert_7684c",
                    referencing="REFERENCING NEW TABLE AS new_values ",
                    table="institutions_institutioncapability",
                    when="AFTER",
                ),
            ),
        ),
        migrations.AddField(
            model_name="agreementevent",
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
            model_name="agreementevent",
            name="institution",
            field=models.ForeignKey(
                db_constraint=False,
                db_index=False,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="+",
                related_query_name="+",
                to="institutions.institution",
                verbose_name="机构",
            ),
        ),
        migrations.AddField(
            model_name="agreementevent",
            name="pgh_obj",
            field=models.ForeignKey(
                db_constraint=False,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="+",
                related_query_name="+",
                to="institutions.agreement",
            ),
        ),
        migrations.AddField(
            model_name="institutioncapabilityevent",
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
            model_name="institutioncapabilityevent",
            name="institution",
            field=models.ForeignKey(
                db_constraint=False,
                db_index=False,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="+",
                related_query_name="+",
                to="institutions.institution",
                verbose_name="机构",
            ),
        ),
        migrations.AddField(
            model_name="institutioncapabilityevent",
            name="pgh_obj",
            field=models.ForeignKey(
                db_constraint=False,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="+",
                related_query_name="+",
                to="institutions.institutioncapability",
            ),
        ),
        migrations.AddField(
            model_name="institutionevent",
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
            model_name="institutionevent",
            name="pgh_obj",
            field=models.ForeignKey(
                db_constraint=False,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="+",
                related_query_name="+",
                to="institutions.institution",
            ),
        ),
        migrations.RunSQL(KEPT, migrations.RunSQL.noop),
    ]
