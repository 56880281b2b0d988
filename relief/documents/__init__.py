"""Rosters going out again: the judged rows as csv, the list of errors as a workbook."""
