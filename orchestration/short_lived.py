"""What a process that ends within minutes can do without.

Belongs here: settings of the interpreter. Does not belong here: what the process does.
"""

import gc


def look_for_garbage_rarely() -> None:
    """Look every hundred thousand new objects, not every seven hundred.

    Imports make a million objects that stay; to go through them again and again was a quarter of the start, and a
    second of each call of dbt.
    """
    gc.set_threshold(100_000, 50, 50)
