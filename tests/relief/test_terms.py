"""The words of relief."""

from relief.terms import RosterIssue, RosterSource, Verdict


def test_sources_and_verdicts_read_in_chinese() -> None:
    assert [source.label for source in RosterSource] == ["民政", "农业农村", "残联", "卫健"]
    assert [verdict.label for verdict in Verdict] == ["新增", "变更", "退出", "不变", "异常", "暂缓退出"]


def test_warnings_never_block_and_doubtful_persons_always_do() -> None:
    assert not any(issue.is_warning and issue.blocks for issue in RosterIssue)
    assert {issue.value for issue in RosterIssue if issue.is_warning} == {
        "not_enrolled",
        "enrolled_elsewhere",
        "phone_invalid",
        "id_repaired",
        "id_15_converted",
        "name_repaired",
    }
    assert RosterIssue.ID_NUMERIC_CELL.blocks
    assert RosterIssue.CATEGORY_UNKNOWN.blocks
    assert not RosterIssue.DUPLICATE_IN_FILE.blocks
