"""How a refresh ends that did not fail: nothing to publish, or published with warnings; in words without identifiers.

Belongs here: from the intake, the registry and the freshness mart to exit codes and lines. Does not belong here: how
failures end (`refresh`).
"""

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

import duckdb

from orchestration.bad_rows import ROWS

if TYPE_CHECKING:
    from orchestration.raw import Intake

HELD = "every new delivery was refused:"
WAITING = "waiting for ind: no usable delivery of IND yet, so there is no as-of date and nothing to publish"


@dataclass(frozen=True)
class End:
    """A refresh that ends with the intake: 4 when a gate held it, 0 when there is nothing to publish yet."""

    exit_code: int
    messages: tuple[str, ...]


def nothing_to_publish(intake: "Intake", wanted: date | None) -> End | None:
    """How a refresh ends that cannot go on after the intake; None when it can. `wanted` is the as-of date asked for."""
    if intake.new and len(intake.refused_new) == intake.new:
        return End(4, (HELD, *map(str, intake.refused_new)))
    if intake.as_of is not None:
        return None
    of_ind = [one for one in intake.deliveries if one.partner == "ind"]
    usable = [one.name[:10] for one in of_ind if one.state == "in_force"]
    if usable:
        first = min(usable)
        return End(
            0,
            (f"waiting for ind: as-of date {wanted} lies before the first delivery of IND: ask for {first} or later",),
        )
    # the first in each state: many that wait may wait for one, and what is incomplete need not be what they wait for
    first_of = {one.state: one for one in reversed(of_ind)}
    return End(0, (WAITING, *(str(one) for one in of_ind if one is first_of[one.state])))


def intake_warnings(connection: duckdb.DuckDBPyConnection) -> list[str]:
    """Deliveries that cannot be used and were not corrected since, and quarantined rows; from the working database."""
    unusable = connection.execute(
        """
        select partner || '/' || name || ' ' || state || ': ' || coalesce(reason, 'no reason given')
        from raw.delivery as delivery
        where state in ('refused', 'waiting') and not exists (
            from raw.delivery as better
            where better.partner = delivery.partner
              and better.reference_on = delivery.reference_on
              and better.sequence > delivery.sequence
              and better.state = 'in_force'
        )
        order by partner, name
        """
    ).fetchall()
    quarantined = connection.execute(
        f"""
        with
        {ROWS},

        open_rows as (
            select
                partner,
                extract,
                unnest(rules) as rule,
                delivery || ', ' || file || ' line ' || line as place,
                row(reference_on, sequence, file, line) as position
            from quarantined
            where state = 'open' and is_newest
        )

        select
            partner || ' ' || extract || ': rows in quarantine for ' || rule || ': ' || count(*)
            || ', the first in ' || partner || '/' || min_by(place, position)
        from open_rows
        group by partner, extract, rule
        order by partner, extract, rule
        """
    ).fetchall()
    return [line for (line,) in (*unusable, *quarantined)]


def freshness_warnings(connection: duckdb.DuckDBPyConnection) -> list[str]:
    """Partners that are late or missing; from the build."""
    late = connection.execute(
        """
        select
            partner || ' is ' || status
            || coalesce(': newest delivery of ' || newest_reference_on || ', expected ' || expected_on, '')
        from marts.fct_freshness
        where status <> 'on_time'
        order by partner
        """
    ).fetchall()
    return [line for (line,) in late]
