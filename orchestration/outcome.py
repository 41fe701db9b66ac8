"""What a refresh should warn of: the reasons for exit code 3, in words without identifiers.

Belongs here: from the registry and the freshness mart to lines. Does not belong here: how failures end (`refresh`).
"""

import duckdb

from orchestration.bad_rows import ROWS


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
