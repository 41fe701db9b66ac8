"""The commands for who keeps an installation running: `doctor` and `alerts`.

Belongs here: their arguments, what they print, the exit code. Does not belong here: what is looked at (`doctor`),
what is worth an alert (`watch`).
"""

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Annotated

import typer

from orchestration.arguments import DONE, FAILED, USAGE, HomeOption, JsonOption, settings_of

if TYPE_CHECKING:
    from orchestration.settings import Settings


def alerts(
    home: HomeOption = None,
    send: Annotated[bool, typer.Option("--send", help="Tell what was not told yet, as the daemon does.")] = False,
    trial: Annotated[bool, typer.Option("--test", help="Send one trial alert to every target.")] = False,
    json: JsonOption = False,
) -> None:
    """List what is worth an alert now: failed runs, overdue partners, a stale publication."""
    from orchestration import console
    from orchestration import home as homes

    with settings_of(home) as settings:
        from orchestration import alerts as telling

        if trial:
            raise typer.Exit(_try_out(settings))
        homes.existing(settings.paths)
        if not (settings.paths.work.is_dir() and settings.paths.dagster.is_dir()):
            console.complain(f"error: {settings.paths.home} is no home yet: run ketenzicht init --home ...")
            raise typer.Exit(USAGE)
        from orchestration import history, watch

        now = datetime.now(UTC)
        with history.opened(settings.paths) as instance:
            if send:
                watch.watch(settings, instance, now)
            holding = watch.now_holding(settings, instance, now)
    if holding is None:
        console.complain("a refresh holds the home: ask again when it has ended")
        raise typer.Exit(FAILED)
    found = [telling.payload(settings, alert) for alert in holding]
    if json:
        console.as_json(found)
    else:
        console.say(*([str(one["text"]) for one in found] or ["nothing to tell"]))


def doctor(home: HomeOption = None, json: JsonOption = False) -> None:
    """Find what is wrong with this installation and say what to do; exit code 1 when something is."""
    from dataclasses import asdict

    from orchestration import console
    from orchestration import doctor as doctors

    found = doctors.examine(home, datetime.now(UTC))
    if json:
        console.as_json([asdict(one) for one in found])
    else:
        console.table("", [{"check": one.name, "state": one.state, "found": one.what} for one in found])
        for one in found:
            if one.remedy:
                console.say(f"{one.name}: {one.remedy}")
    raise typer.Exit(FAILED if any(one.state == doctors.PROBLEM for one in found) else DONE)


def _try_out(settings: "Settings") -> int:
    """Tell every target that this is a trial; FAILED when one could not be told, or when there is none."""
    from orchestration import alerts, console
    from orchestration.alert_targets import targets

    ways = targets(settings)
    if not ways:
        console.complain("error: nobody to tell: set KETENZICHT_ALERT_COMMAND or KETENZICHT_ALERT_WEBHOOK")
        return FAILED
    trial = alerts.Alert("test", "trial", "warning", "this is a trial", "Nothing to do.")
    reasons = {name: alerts.send(settings, trial, way) for name, way in ways.items()}
    for name, reason in reasons.items():
        (console.say if reason is None else console.complain)(f"{name}: {reason or 'told'}")
    return DONE if not any(reasons.values()) else FAILED
