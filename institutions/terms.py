"""Words of designation and agreement."""

from __future__ import annotations

from bureau.kernel.terms import Term


class InstitutionKind(Term):
    HOSPITAL = "hospital", "定点医疗机构"
    PHARMACY = "pharmacy", "定点零售药店"


class Capability(Term):
    """服务资格：可单独取得，也可单独取消 (YX-39, YX-71)。"""

    OUTPATIENT_POOLING = "outpatient_pooling", "门诊统筹"
    CHRONIC = "chronic", "门诊慢特病"
    DIALYSIS = "dialysis", "门诊透析"
    INPATIENT = "inpatient", "住院"
    MATERNITY = "maternity", "生育"


class AgreementStage(Term):
    ACTIVE = "active", "协议有效"
    SUSPENDED = "suspended", "中止协议"
    TERMINATED = "terminated", "解除协议"
