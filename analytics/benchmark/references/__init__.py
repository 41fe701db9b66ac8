"""The same figures by other engines: lead times and daily stock, throughput times and a performance graph.

Belongs here: the input that all of them load, and one module an engine. Does not belong here: how they are compared.

Each module runs in a process of its own: `python -m analytics.benchmark.references.<engine> FOLDER REPEATS` loads the
Parquet files of FOLDER, computes each figure REPEATS times, writes it to `<engine>_<figure>.parquet` there, and prints
the seconds of the load and the best of each figure as JSON.
"""
