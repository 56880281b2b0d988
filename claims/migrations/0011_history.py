"""The history of claims, their adjudications, statements, differences and months."""

import bureau.fields
import django.db.models.deletion
import django.db.models.expressions
import pgtrigger.compiler
import pgtrigger.migrations
from django.conf import settings
from django.db import migrations, models

KEPT = """
CALL trail_keep('claims_claimevent', 'claims_claim');
CALL walls_enclose('claims_claimevent');
CALL trail_keep('claims_adjudicationevent', 'claims_adjudication');
CALL walls_enclose('claims_adjudicationevent');
CALL trail_keep('claims_settlementevent', 'claims_settlement');
CALL walls_enclose('claims_settlementevent');
CALL trail_keep('claims_adjustmentevent', 'claims_adjustment');
CALL walls_enclose('claims_adjustmentevent');
CALL trail_keep('claims_settlementrunevent', 'claims_settlementrun');
CALL walls_share('claims_settlementrunevent');
"""


class Migration(migrations.Migration):
    dependencies = [
        ("claims", "0010_institutions_see_their_own"),
        ("enrollment", "0007_history"),
        ("institutions", "0006_history"),
        ("organization", "0006_history"),
        ("trail", "0009_kept_history"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="AdjudicationEvent",
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
                ("version", models.PositiveSmallIntegerField(verbose_name="版本")),
                ("is_current", models.BooleanField(default=True, verbose_name="现行版本")),
                (
                    "scheme",
                    models.CharField(
                        choices=[("employee", "职工医保"), ("resident", "居民医保")], max_length=10, verbose_name="险种"
                    ),
                ),
                ("eligible", bureau.fields.MoneyField(verbose_name="政策范围内费用")),
                ("prepay", bureau.fields.MoneyField(default=0, verbose_name="先行自付（异地）")),
                ("deductible", bureau.fields.MoneyField(verbose_name="起付线内")),
                ("pooled", bureau.fields.MoneyField(verbose_name="统筹基金支付")),
                ("major_illness", bureau.fields.MoneyField(verbose_name="大病保险支付")),
                ("assistance", bureau.fields.MoneyField(verbose_name="医疗救助支付")),
                ("personal_burden", bureau.fields.MoneyField(verbose_name="个人负担")),
                ("policy_sha256", models.CharField(max_length=64, verbose_name="政策指纹")),
                ("created_at", models.DateTimeField(auto_now_add=True, verbose_name="核算时间")),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="AdjustmentEvent",
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
                (
                    "scheme",
                    models.CharField(
                        choices=[("employee", "职工医保"), ("resident", "居民医保")], max_length=10, verbose_name="险种"
                    ),
                ),
                ("amount", bureau.fields.MoneyField(verbose_name="差额")),
                ("reason", models.CharField(max_length=200, verbose_name="原因")),
                (
                    "stage",
                    models.CharField(
                        choices=[("open", "待结算"), ("settled", "已结算")],
                        default="open",
                        max_length=10,
                        verbose_name="状态",
                    ),
                ),
                ("created_at", models.DateTimeField(auto_now_add=True, verbose_name="产生时间")),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="ClaimEvent",
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
                ("number", models.CharField(max_length=40, verbose_name="单据号")),
                ("service_date", models.DateField(help_text="住院为出院日期", verbose_name="就医日期")),
                ("year", models.PositiveSmallIntegerField(verbose_name="年度")),
                ("sequence", models.PositiveIntegerField(verbose_name="年度内顺序")),
                (
                    "care",
                    models.CharField(
                        choices=[
                            ("outpatient", "普通门诊"),
                            ("pharmacy", "药店购药"),
                            ("chronic", "门诊慢性病"),
                            ("serious", "门诊特殊重症"),
                            ("two_diseases", "两病用药"),
                            ("dialysis", "门诊透析"),
                            ("inpatient", "住院"),
                            ("maternity_natural", "顺产"),
                            ("maternity_caesarean", "剖宫产"),
                        ],
                        max_length=20,
                        verbose_name="医疗类别",
                    ),
                ),
                ("care_area", models.CharField(max_length=6, verbose_name="就医地")),
                ("is_filed", models.BooleanField(default=False, verbose_name="已备案")),
                ("total", bureau.fields.MoneyField(verbose_name="医疗费总额")),
                ("excluded", bureau.fields.MoneyField(default=0, verbose_name="全自费")),
                ("over_ceiling", bureau.fields.MoneyField(default=0, verbose_name="超限价")),
                ("upfront_copay", bureau.fields.MoneyField(default=0, verbose_name="先行自付")),
                (
                    "stage",
                    models.CharField(
                        choices=[
                            ("received", "待核算"),
                            ("adjudicated", "已核算"),
                            ("settled", "已结算"),
                            ("canceled", "已冲正"),
                        ],
                        default="received",
                        max_length=12,
                        verbose_name="状态",
                    ),
                ),
                ("received_month", models.CharField(max_length=7, verbose_name="申报月份")),
                (
                    "settled_version",
                    models.PositiveSmallIntegerField(
                        blank=True,
                        help_text="冻结时的核算版本；此后重算只产生差额，不改结算",
                        null=True,
                        verbose_name="结算版本",
                    ),
                ),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="SettlementEvent",
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
                ("number", models.CharField(max_length=40, verbose_name="结算单号")),
                ("claim_count", models.PositiveIntegerField(verbose_name="单据数")),
                ("total", bureau.fields.MoneyField(verbose_name="医疗费总额")),
                ("due", bureau.fields.MoneyField(verbose_name="应付")),
                ("deducted", bureau.fields.MoneyField(verbose_name="扣款")),
                ("withheld", bureau.fields.MoneyField(verbose_name="预留保证金")),
                ("payable", bureau.fields.MoneyField(verbose_name="实付")),
                ("sha256", models.CharField(max_length=64, verbose_name="内容指纹")),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="SettlementRunEvent",
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
                ("month", models.CharField(max_length=7, verbose_name="结算月份")),
                (
                    "stage",
                    models.CharField(
                        choices=[
                            ("computing", "计算中"),
                            ("sealed", "待审批"),
                            ("approved", "已审批"),
                            ("paying", "拨付中"),
                        ],
                        default="computing",
                        max_length=12,
                        verbose_name="状态",
                    ),
                ),
                ("deposit_rate", models.PositiveIntegerField(verbose_name="质量保证金比例（基点）")),
                ("second_approval_from", bureau.fields.MoneyField(verbose_name="须第二人审批的实付额（含）")),
                ("policy_sha256", models.CharField(max_length=64, verbose_name="政策指纹")),
                ("seal_sha256", models.CharField(blank=True, max_length=64, verbose_name="封存指纹")),
                ("opened_at", models.DateTimeField(auto_now_add=True, verbose_name="开始时间")),
                ("sealed_at", models.DateTimeField(blank=True, null=True, verbose_name="封存时间")),
                ("approved_at", models.DateTimeField(blank=True, null=True, verbose_name="审批时间")),
                ("approved_sha256", models.CharField(blank=True, max_length=64, verbose_name="审批所依指纹")),
            ],
            options={
                "abstract": False,
            },
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="adjudication",
            trigger=pgtrigger.compiler.Trigger(
                name="updated_update",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "claims_adjudicationevent" ("area_id", "assistance", "claim_id", "created_at", "deductible", "eligible", "id", "is_current", "major_illness", "personal_burden", "pgh_created_at", "pgh_label", "pgh_obj_id", "policy_sha256", "pooled", "prepay", "scheme", "version") SELECT old_values."area_id", old_values."assistance", old_values."claim_id", old_values."created_at", old_values."deductible", old_values."eligible", old_values."id", old_values."is_current", old_values."major_illness", old_values."personal_burden", statement_timestamp(), \'updated\', old_values."id", old_values."policy_sha256", old_values."pooled", old_values."prepay", old_values."scheme", old_values."version" FROM ( SELECT old_values.* FROM old_values JOIN new_values ON (old_values."id") = (new_values."id") WHERE (old_values."id", old_values."claim_id", old_values."version", old_values."is_current", old_values."area_id", old_values."scheme", old_values."eligible", old_values."prepay", old_values."deductible", old_values."pooled", old_values."major_illness", old_values."assistance", old_values."personal_burden", old_values."policy_sha256", old_values."created_at") IS DISTINCT FROM (new_values."id", new_values."claim_id", new_values."version", new_values."is_current", new_values."area_id", new_values."scheme", new_values."eligible", new_values."prepay", new_values."deductible", new_values."pooled", new_values."major_illness", new_values."assistance", new_values."personal_burden", new_values."policy_sha256", new_values."created_at") ) AS old_values, _pgh_attached_context; RETURN NULL;',
                    hash="37011a0d805baebd221b44d3e4db2e20d974c259",
                    level="STATEMENT",
                    operation="UPDATE",
                    pgid="pgtrigger_updated_update_a06f3",
                    referencing="REFERENCING OLD TABLE AS old_values  NEW TABLE AS new_values ",
                    table="claims_adjudication",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="adjudication",
            trigger=pgtrigger.compiler.Trigger(
                name="deleted_delete",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "claims_adjudicationevent" ("area_id", "assistance", "claim_id", "created_at", "deductible", "eligible", "id", "is_current", "major_illness", "personal_burden", "pgh_created_at", "pgh_label", "pgh_obj_id", "policy_sha256", "pooled", "prepay", "scheme", "version") SELECT old_values."area_id", old_values."assistance", old_values."claim_id", old_values."created_at", old_values."deductible", old_values."eligible", old_values."id", old_values."is_current", old_values."major_illness", old_values."personal_burden", statement_timestamp(), \'deleted\', old_values."id", old_values."policy_sha256", old_values."pooled", old_values."prepay", old_values."scheme", old_values."version" FROM ( SELECT old_values.* FROM old_values  ) AS old_values, _pgh_attached_context; RETURN NULL;',
                    hash="45348e4eb6b33dad9ef9cbc4ab48dfc549342ec6",
                    level="STATEMENT",
                    operation="DELETE",
                    pgid="pgtrigger_deleted_delete_af74e",
                    referencing="REFERENCING OLD TABLE AS old_values ",
                    table="claims_adjudication",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="adjustment",
            trigger=pgtrigger.compiler.Trigger(
                name="updated_update",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "claims_adjustmentevent" ("adjudication_id", "amount", "area_id", "claim_id", "created_at", "fund", "id", "institution_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "reason", "scheme", "settlement_run_id", "stage") SELECT old_values."adjudication_id", old_values."amount", old_values."area_id", old_values."claim_id", old_values."created_at", old_values."fund", old_values."id", old_values."institution_id", statement_timestamp(), \'updated\', old_values."id", old_values."reason", old_values."scheme", old_values."settlement_run_id", old_values."stage" FROM ( SELECT old_values.* FROM old_values JOIN new_values ON (old_values."id") = (new_values."id") WHERE (old_values."id", old_values."claim_id", old_values."adjudication_id", old_values."institution_id", old_values."area_id", old_values."fund", old_values."scheme", old_values."amount", old_values."reason", old_values."stage", old_values."settlement_run_id", old_values."created_at") IS DISTINCT FROM (new_values."id", new_values."claim_id", new_values."adjudication_id", new_values."institution_id", new_values."area_id", new_values."fund", new_values."scheme", new_values."amount", new_values."reason", new_values."stage", new_values."settlement_run_id", new_values."created_at") ) AS old_values, _pgh_attached_context; RETURN NULL;',
                    hash="e77a6f23a71ced438389f3c37c13c498ec758cb4",
                    level="STATEMENT",
                    operation="UPDATE",
                    pgid="pgtrigger_updated_update_53db9",
                    referencing="REFERENCING OLD TABLE AS old_values  NEW TABLE AS new_values ",
                    table="claims_adjustment",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="adjustment",
            trigger=pgtrigger.compiler.Trigger(
                name="deleted_delete",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "claims_adjustmentevent" ("adjudication_id", "amount", "area_id", "claim_id", "created_at", "fund", "id", "institution_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "reason", "scheme", "settlement_run_id", "stage") SELECT old_values."adjudication_id", old_values."amount", old_values."area_id", old_values."claim_id", old_values."created_at", old_values."fund", old_values."id", old_values."institution_id", statement_timestamp(), \'deleted\', old_values."id", old_values."reason", old_values."scheme", old_values."settlement_run_id", old_values."stage" FROM ( SELECT old_values.* FROM old_values  ) AS old_values, _pgh_attached_context; RETURN NULL;',
                    hash="513def76d756465210d76e6b8480383259ce21bd",
                    level="STATEMENT",
                    operation="DELETE",
                    pgid="pgtrigger_deleted_delete_35590",
                    referencing="REFERENCING OLD TABLE AS old_values ",
                    table="claims_adjustment",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="claim",
            trigger=pgtrigger.compiler.Trigger(
                name="updated_update",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "claims_claimevent" ("area_id", "batch_id", "care", "care_area", "excluded", "id", "institution_id", "is_filed", "number", "over_ceiling", "person_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "received_month", "sequence", "service_date", "settled_version", "settlement_run_id", "stage", "total", "upfront_copay", "year") SELECT old_values."area_id", old_values."batch_id", old_values."care", old_values."care_area", old_values."excluded", old_values."id", old_values."institution_id", old_values."is_filed", old_values."number", old_values."over_ceiling", old_values."person_id", statement_timestamp(), \'updated\', old_values."id", old_values."received_month", old_values."sequence", old_values."service_date", old_values."settled_version", old_values."settlement_run_id", old_values."stage", old_values."total", old_values."upfront_copay", old_values."year" FROM ( SELECT old_values.* FROM old_values JOIN new_values ON (old_values."id") = (new_values."id") WHERE (old_values."id", old_values."institution_id", old_values."number", old_values."person_id", old_values."area_id", old_values."service_date", old_values."year", old_values."sequence", old_values."care", old_values."care_area", old_values."is_filed", old_values."total", old_values."excluded", old_values."over_ceiling", old_values."upfront_copay", old_values."stage", old_values."batch_id", old_values."received_month", old_values."settlement_run_id", old_values."settled_version") IS DISTINCT FROM (new_values."id", new_values."institution_id", new_values."number", new_values."person_id", new_values."area_id", new_values."service_date", new_values."year", new_values."sequence", new_values."care", new_values."care_area", new_values."is_filed", new_values."total", new_values."excluded", new_values."over_ceiling", new_values."upfront_copay", new_values."stage", new_values."batch_id", new_values."received_month", new_values."settlement_run_id", new_values."settled_version") ) AS old_values, _pgh_attached_context; RETURN NULL;',
                    hash="b59b7753a102abc70dce60755e513e0163712a40",
                    level="STATEMENT",
                    operation="UPDATE",
                    pgid="pgtrigger_updated_update_57535",
                    referencing="REFERENCING OLD TABLE AS old_values  NEW TABLE AS new_values ",
                    table="claims_claim",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="claim",
            trigger=pgtrigger.compiler.Trigger(
                name="deleted_delete",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "claims_claimevent" ("area_id", "batch_id", "care", "care_area", "excluded", "id", "institution_id", "is_filed", "number", "over_ceiling", "person_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "received_month", "sequence", "service_date", "settled_version", "settlement_run_id", "stage", "total", "upfront_copay", "year") SELECT old_values."area_id", old_values."batch_id", old_values."care", old_values."care_area", old_values."excluded", old_values."id", old_values."institution_id", old_values."is_filed", old_values."number", old_values."over_ceiling", old_values."person_id", statement_timestamp(), \'deleted\', old_values."id", old_values."received_month", old_values."sequence", old_values."service_date", old_values."settled_version", old_values."settlement_run_id", old_values."stage", old_values."total", old_values."upfront_copay", old_values."year" FROM ( SELECT old_values.* FROM old_values  ) AS old_values, _pgh_attached_context; RETURN NULL;',
                    hash="86bb26fbf271bece1972bce9c8d1e95d60ec6b94",
                    level="STATEMENT",
                    operation="DELETE",
                    pgid="pgtrigger_deleted_delete_67ba9",
                    referencing="REFERENCING OLD TABLE AS old_values ",
                    table="claims_claim",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="settlement",
            trigger=pgtrigger.compiler.Trigger(
                name="updated_update",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "claims_settlementevent" ("area_id", "claim_count", "deducted", "due", "id", "institution_id", "number", "payable", "pgh_created_at", "pgh_label", "pgh_obj_id", "run_id", "sha256", "total", "withheld") SELECT old_values."area_id", old_values."claim_count", old_values."deducted", old_values."due", old_values."id", old_values."institution_id", old_values."number", old_values."payable", statement_timestamp(), \'updated\', old_values."id", old_values."run_id", old_values."sha256", old_values."total", old_values."withheld" FROM ( SELECT old_values.* FROM old_values JOIN new_values ON (old_values."id") = (new_values."id") WHERE (old_values."id", old_values."run_id", old_values."number", old_values."institution_id", old_values."area_id", old_values."claim_count", old_values."total", old_values."due", old_values."deducted", old_values."withheld", old_values."payable", old_values."sha256") IS DISTINCT FROM (new_values."id", new_values."run_id", new_values."number", new_values."institution_id", new_values."area_id", new_values."claim_count", new_values."total", new_values."due", new_values."deducted", new_values."withheld", new_values."payable", new_values."sha256") ) AS old_values, _pgh_attached_context; RETURN NULL;',
                    hash="96b456a09874d0249a10fac07634f14a0a2ef727",
                    level="STATEMENT",
                    operation="UPDATE",
                    pgid="pgtrigger_updated_update_95870",
                    referencing="REFERENCING OLD TABLE AS old_values  NEW TABLE AS new_values ",
                    table="claims_settlement",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="settlement",
            trigger=pgtrigger.compiler.Trigger(
                name="deleted_delete",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "claims_settlementevent" ("area_id", "claim_count", "deducted", "due", "id", "institution_id", "number", "payable", "pgh_created_at", "pgh_label", "pgh_obj_id", "run_id", "sha256", "total", "withheld") SELECT old_values."area_id", old_values."claim_count", old_values."deducted", old_values."due", old_values."id", old_values."institution_id", old_values."number", old_values."payable", statement_timestamp(), \'deleted\', old_values."id", old_values."run_id", old_values."sha256", old_values."total", old_values."withheld" FROM ( SELECT old_values.* FROM old_values  ) AS old_values, _pgh_attached_context; RETURN NULL;',
                    hash="36f66297a27d81f16dcef6e698900c2c0e0c8096",
                    level="STATEMENT",
                    operation="DELETE",
                    pgid="pgtrigger_deleted_delete_13562",
                    referencing="REFERENCING OLD TABLE AS old_values ",
                    table="claims_settlement",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="settlementrun",
            trigger=pgtrigger.compiler.Trigger(
                name="updated_update",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "claims_settlementrunevent" ("approved_at", "approved_by_id", "approved_sha256", "area_id", "deposit_rate", "id", "month", "opened_at", "opened_by_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "policy_sha256", "run_id", "seal_sha256", "sealed_at", "second_approval_from", "stage") SELECT old_values."approved_at", old_values."approved_by_id", old_values."approved_sha256", old_values."area_id", old_values."deposit_rate", old_values."id", old_values."month", old_values."opened_at", old_values."opened_by_id", statement_timestamp(), \'updated\', old_values."id", old_values."policy_sha256", old_values."run_id", old_values."seal_sha256", old_values."sealed_at", old_values."second_approval_from", old_values."stage" FROM ( SELECT old_values.* FROM old_values JOIN new_values ON (old_values."id") = (new_values."id") WHERE (old_values."id", old_values."month", old_values."run_id", old_values."area_id", old_values."stage", old_values."deposit_rate", old_values."second_approval_from", old_values."policy_sha256", old_values."seal_sha256", old_values."opened_by_id", old_values."opened_at", old_values."sealed_at", old_values."approved_by_id", old_values."approved_at", old_values."approved_sha256") IS DISTINCT FROM (new_values."id", new_values."month", new_values."run_id", new_values."area_id", new_values."stage", new_values."deposit_rate", new_values."second_approval_from", new_values."policy_sha256", new_values."seal_sha256", new_values."opened_by_id", new_values."opened_at", new_values."sealed_at", new_values."approved_by_id", new_values."approved_at", new_values."approved_sha256") ) AS old_values, _pgh_attached_context; RETURN NULL;',
                    hash="23a9539ad07b73840e851b325a83a2cda9ab8cce",
                    level="STATEMENT",
                    operation="UPDATE",
                    pgid="pgtrigger_updated_update_29a3b",
                    referencing="REFERENCING OLD TABLE AS old_values  NEW TABLE AS new_values ",
                    table="claims_settlementrun",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="settlementrun",
            trigger=pgtrigger.compiler.Trigger(
                name="deleted_delete",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "claims_settlementrunevent" ("approved_at", "approved_by_id", "approved_sha256", "area_id", "deposit_rate", "id", "month", "opened_at", "opened_by_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "policy_sha256", "run_id", "seal_sha256", "sealed_at", "second_approval_from", "stage") SELECT old_values."approved_at", old_values."approved_by_id", old_values."approved_sha256", old_values."area_id", old_values."deposit_rate", old_values."id", old_values."month", old_values."opened_at", old_values."opened_by_id", statement_timestamp(), \'deleted\', old_values."id", old_values."policy_sha256", old_values."run_id", old_values."seal_sha256", old_values."sealed_at", old_values."second_approval_from", old_values."stage" FROM ( SELECT old_values.* FROM old_values  ) AS old_values, _pgh_attached_context; RETURN NULL;',
                    hash="07484d6d61b3bffb925bd534f408eeadb267b7f9",
                    level="STATEMENT",
                    operation="DELETE",
                    pgid="pgtrigger_deleted_delete_23d04",
                    referencing="REFERENCING OLD TABLE AS old_values ",
                    table="claims_settlementrun",
                    when="AFTER",
                ),
            ),
        ),
        migrations.AddField(
            model_name="adjudicationevent",
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
            model_name="adjudicationevent",
            name="claim",
            field=models.ForeignKey(
                db_constraint=False,
                db_index=False,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="+",
                related_query_name="+",
                to="claims.claim",
                verbose_name="单据",
            ),
        ),
        migrations.AddField(
            model_name="adjudicationevent",
            name="pgh_obj",
            field=models.ForeignKey(
                db_constraint=False,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="+",
                related_query_name="+",
                to="claims.adjudication",
            ),
        ),
        migrations.AddField(
            model_name="adjustmentevent",
            name="adjudication",
            field=models.ForeignKey(
                db_constraint=False,
                db_index=False,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="+",
                related_query_name="+",
                to="claims.adjudication",
                verbose_name="重算版本",
            ),
        ),
        migrations.AddField(
            model_name="adjustmentevent",
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
            model_name="adjustmentevent",
            name="claim",
            field=models.ForeignKey(
                db_constraint=False,
                db_index=False,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="+",
                related_query_name="+",
                to="claims.claim",
                verbose_name="单据",
            ),
        ),
        migrations.AddField(
            model_name="adjustmentevent",
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
            model_name="adjustmentevent",
            name="pgh_obj",
            field=models.ForeignKey(
                db_constraint=False,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="+",
                related_query_name="+",
                to="claims.adjustment",
            ),
        ),
        migrations.AddField(
            model_name="adjustmentevent",
            name="settlement_run",
            field=models.ForeignKey(
                blank=True,
                db_constraint=False,
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="+",
                related_query_name="+",
                to="claims.settlementrun",
                verbose_name="最近结算批次",
            ),
        ),
        migrations.AddField(
            model_name="claimevent",
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
            model_name="claimevent",
            name="batch",
            field=models.ForeignKey(
                db_constraint=False,
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="+",
                related_query_name="+",
                to="trail.importbatch",
                verbose_name="申报批次",
            ),
        ),
        migrations.AddField(
            model_name="claimevent",
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
            model_name="claimevent",
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
            model_name="claimevent",
            name="pgh_obj",
            field=models.ForeignKey(
                db_constraint=False,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="+",
                related_query_name="+",
                to="claims.claim",
            ),
        ),
        migrations.AddField(
            model_name="claimevent",
            name="settlement_run",
            field=models.ForeignKey(
                blank=True,
                db_constraint=False,
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="+",
                related_query_name="+",
                to="claims.settlementrun",
                verbose_name="结算批次",
            ),
        ),
        migrations.AddField(
            model_name="settlementevent",
            name="area",
            field=models.ForeignKey(
                db_constraint=False,
                db_index=False,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="+",
                related_query_name="+",
                to="organization.area",
                verbose_name="机构区划",
            ),
        ),
        migrations.AddField(
            model_name="settlementevent",
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
            model_name="settlementevent",
            name="pgh_obj",
            field=models.ForeignKey(
                db_constraint=False,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="+",
                related_query_name="+",
                to="claims.settlement",
            ),
        ),
        migrations.AddField(
            model_name="settlementevent",
            name="run",
            field=models.ForeignKey(
                db_constraint=False,
                db_index=False,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="+",
                related_query_name="+",
                to="claims.settlementrun",
                verbose_name="结算批次",
            ),
        ),
        migrations.AddField(
            model_name="settlementrunevent",
            name="approved_by",
            field=models.ForeignKey(
                blank=True,
                db_constraint=False,
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="+",
                related_query_name="+",
                to=settings.AUTH_USER_MODEL,
                verbose_name="审批人",
            ),
        ),
        migrations.AddField(
            model_name="settlementrunevent",
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
            model_name="settlementrunevent",
            name="opened_by",
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
            model_name="settlementrunevent",
            name="pgh_obj",
            field=models.ForeignKey(
                db_constraint=False,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="+",
                related_query_name="+",
                to="claims.settlementrun",
            ),
        ),
        migrations.AddField(
            model_name="settlementrunevent",
            name="run",
            field=models.ForeignKey(
                db_constraint=False,
                db_index=False,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="+",
                related_query_name="+",
                to="trail.run",
                verbose_name="作业",
            ),
        ),
        migrations.RunSQL(KEPT, migrations.RunSQL.noop),
    ]
