"""Reports on paper and in workbooks."""
