"""Lead times of intervals: survival of those begun in a period, lengths of those ended, ages of those open.

Belongs here: the mathematics of fct_lead_time (marts.md) over numbered intervals, in numpy. Does not belong here: which
intervals there are (intermediate.lead_time_interval), reading and writing tables (the models in Python).

Why not in SQL: docs/decisions/0008.
"""
