from typing import Any

import duckdb
import pyarrow as pa

from analytics.daily_counts import DailyCounts


def model(dbt: Any, session: Any) -> duckdb.DuckDBPyRelation:
    """Running sums over all days are not what SQL is the tool for (docs/decisions/0010)."""
    dbt.config(materialized="table")
    ((as_of,),) = dbt.source("raw", "as_of").fetchall()
    presence, held, location = dbt.ref("resident_presence"), dbt.ref("resident_status_span"), dbt.ref("location_period")
    combination = _combinations(session, presence, held, location)
    # places are known from long before the first resident is
    ((first,),) = presence.aggregate("min(from_on)").fetchall()

    counts = DailyCounts(combination.drop_columns("combination_no"), first, as_of)
    period = ("from_on", "until_on")
    counts.count(
        _spans(session, combination, presence, held, location),
        residents=(*period, "residents"),
        avoidable_bed_days=(*period, "avoidable_bed_days"),
        capacity=(*period, "capacity"),
    )
    prices = _prices(session, combination, dbt.ref("bed_day_tariffs"))
    # of decimals of 9 digits the product has 18, and needs no numbers of 128 bits
    return session.from_arrow(counts.rows(["residents", "capacity"], prices)).project(
        """
        day,
        location_type,
        municipality_code,
        resident_status,
        residents,
        avoidable_bed_days,
        avoidable_bed_days::decimal(9, 0) * eur_per_day as avoidable_cost_eur,
        case when resident_status = 'all' then capacity end as capacity,
        case when resident_status = 'all' then round(residents / nullif(capacity, 0), 6) end as occupancy
        """
    )


def _combinations(
    session: Any,
    presence: duckdb.DuckDBPyRelation,
    held: duckdb.DuckDBPyRelation,
    location: duckdb.DuckDBPyRelation,
) -> pa.Table:
    """Every place with every status, numbered in their order."""
    return session.sql(
        """
        with place as (
            select
                location_type,
                municipality_code
            from presence
            union
            select
                location_type,
                municipality_code
            from location
        ),

        status as (
            select resident_status
            from held
            union
            select 'all' as resident_status
        )

        select
            row_number() over (order by location_type, municipality_code, resident_status) - 1 as combination_no,
            location_type,
            municipality_code,
            resident_status
        from place
        cross join status
        order by combination_no
        """
    ).to_arrow_table()


def _spans(
    session: Any,
    combination: pa.Table,
    presence: duckdb.DuckDBPyRelation,
    held: duckdb.DuckDBPyRelation,
    location: duckdb.DuckDBPyRelation,
) -> duckdb.DuckDBPyRelation:
    """Periods in which a combination has residents, avoidable bed days or places.

    `all` counts residents without asking for their status: only so can it differ from the sum by status.
    """
    return session.sql(
        """
        with place as (
            select
                location_type,
                municipality_code,
                min(combination_no) as first_no,
                min(combination_no) filter (resident_status = 'all') as overall_no
            from combination
            group by location_type, municipality_code
        ),

        status as (
            select
                resident_status,
                row_number() over (order by resident_status) - 1 as status_no
            from combination
            group by resident_status
        ),

        present as materialized (
            select
                presence.person_id,
                presence.from_on,
                presence.until_on,
                place.first_no,
                place.overall_no
            from presence
            inner join place
                on
                    presence.location_type = place.location_type
                    and presence.municipality_code = place.municipality_code
        ),

        by_status as materialized (
            select
                present.overall_no,
                present.first_no + status.status_no as combination_no,
                status.resident_status in ('before_decision_over_term', 'granted_over_norm') as is_avoidable,
                greatest(present.from_on, held.from_on) as from_on,
                least(present.until_on, held.until_on) as until_on
            from present
            inner join held
                on
                    present.person_id = held.person_id
                    and present.from_on < held.until_on
                    and present.until_on > held.from_on
            inner join status on held.resident_status = status.resident_status
        )

        select
            combination_no,
            from_on,
            until_on,
            1 as residents,
            is_avoidable::integer as avoidable_bed_days,
            0 as capacity
        from by_status
        union all
        select
            overall_no as combination_no,
            from_on,
            until_on,
            0 as residents,
            1 as avoidable_bed_days,
            0 as capacity
        from by_status
        where is_avoidable
        union all
        select
            overall_no as combination_no,
            from_on,
            until_on,
            1 as residents,
            0 as avoidable_bed_days,
            0 as capacity
        from present
        union all
        select
            place.overall_no as combination_no,
            location.from_on,
            location.until_on,
            0 as residents,
            0 as avoidable_bed_days,
            location.capacity
        from location
        inner join place
            on
                location.location_type = place.location_type
                and location.municipality_code = place.municipality_code
        """
    )


def _prices(session: Any, combination: pa.Table, tariff: duckdb.DuckDBPyRelation) -> pa.Table:
    """What a bed day costs in each combination, from each day on which some tariff begins; empty before any."""
    return session.sql(
        """
        with changing_day as (
            select valid_from as from_on
            from tariff
            union
            select date '0001-01-01' as from_on
        )

        select
            changing_day.from_on,
            coalesce(named.eur_per_day, rest.eur_per_day)::decimal(9, 2) as eur_per_day
        from combination
        cross join changing_day
        asof left join tariff as named
            on
                combination.location_type = named.location_type
                and changing_day.from_on >= named.valid_from
        asof left join (select * from tariff where location_type = '*') as rest
            on changing_day.from_on >= rest.valid_from
        order by changing_day.from_on, combination.combination_no
        """
    ).to_arrow_table()
