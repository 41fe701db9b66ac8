"""How the state of the chain reads: ten lines, and tables.

Belongs here: words and order. Does not belong here: where the figures come from (`status`).
"""

from collections import Counter
from typing import Any

from orchestration.console import say, table

REFRESHING = "a refresh is under way: ask again when it has ended"


def lines(found: dict[str, Any]) -> list[str]:
    """The chain in ten lines; one less for each holder without a case."""
    if found["release"] is None:
        what_to_do = "put deliveries in place and run ketenzicht refresh"
        return [f"nothing published yet: {REFRESHING if found['is_refreshing'] else what_to_do}"]
    chain = found["chain"]
    states = Counter(one["state"] for one in found["deliveries"] or ())
    known = ", ".join(f"{count} {state}" for state, count in sorted(states.items())) or "none"
    late = [one["partner"] for one in found["freshness"] if one["status"] != "on_time"]
    longest = [
        f"  longest at {one['holder']}: {one['stage']}, {one['cases']:,} cases, {one['mean_days_so_far']:,} days so far"
        for one in found["longest_stage"]
    ]
    projects = [
        f"project {one['project_id']}: {one['done']:,} of {one['initial_count']:,} done, {one['remaining']:,} remain, "
        f"{one['impeded']:,} impeded"
        for one in found["projects"]
    ]
    return [
        f"as of {found['as_of']} (release {found['release']})",
        f"undecided at IND: {chain['ind_stock'] or 0:,}, of which {chain['impeded'] or 0:,} impeded; beside it "
        f"{chain['family_reunification_stock'] or 0:,} of family reunification",
        f"over term: {chain['over_term_as_applied'] or 0:,} as applied, "
        f"{chain['over_term_in_hindsight'] or 0:,} in hindsight; beside it "
        f"{chain['family_reunification_over_term'] or 0:,} of family reunification",
        f"penalties: {chain['penalties_running']:,} running, {chain['outstanding_eur']:,.0f} euro outstanding, "
        f"{chain['next_90_days_eur']:,.0f} euro more in 90 days if nothing is decided",
        *longest[:4],
        *projects[:1],
        ("deliveries and quarantine: " + REFRESHING if found["is_refreshing"] else f"deliveries: {known}")
        + ("; late or missing: " + ", ".join(late) if late else "; all partners on time"),
    ]


def show(found: dict[str, Any]) -> None:
    """The whole status."""
    say(*lines(found))
    not_in_force = [one for one in found["deliveries"] or () if one["state"] not in {"in_force", "superseded"}]
    table("\ndeliveries that are not used", not_in_force)
    table("\nfreshness", found["freshness"])
    table("\nopen quarantine", found["quarantine"] or ())
    table("\nchecks not passed", [{"check": name} for name in found["failing_checks"]])
    table("\nlast runs", [_run(one) for one in found["runs"]])


def _run(one: dict[str, Any]) -> dict[str, Any]:
    started, seconds = one["started_at"], one["seconds"]
    return {
        "run": one["run_id"][:8],
        "job": one["job"],
        "status": one["status"],
        "started": started and f"{started:%Y-%m-%d %H:%M} UTC",
        "seconds": seconds and round(seconds),
    }
