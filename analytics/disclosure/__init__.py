"""Disclosure control of the open tables: which counts are hidden so that no hidden one can be worked out.

`closed_list` what is published; `cells` true counts from the marts; `profile` what a published value tells;
`network` and `suppression` which cells to hide; `tables` the published frames; `audit` a second look at them;
`package` the files. Knows nothing of Dagster or of where a home lies.
"""
