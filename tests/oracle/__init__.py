"""A second reading of the specification, in plain Python, one day at a time.

Belongs here: timeline.md, rules.md and the definitions of marts.md as a reader would work them out with
pencil and paper. Imports nothing of the project: the standard library, and dateutil for the date of Easter.
Slow is fine; clear is not optional. Does not belong here: the making of test data (`tests.chains`).
"""
