"""How an alert reaches people: a command of the operator, or a webhook.

Belongs here: handing over a payload, with a time limit. Does not belong here: what it says, or whether it was told
before (`alerts`).
"""

import json
import os
import signal
import subprocess
from collections.abc import Callable, Mapping
from functools import partial
from http.client import HTTPException, HTTPMessage
from typing import IO
from urllib.error import HTTPError, URLError
from urllib.request import HTTPRedirectHandler, Request, build_opener

from orchestration.settings import Settings, environment

Payload = Mapping[str, str | None]
Target = Callable[[Payload, int], None]
"""Hands over a payload within a number of seconds. Raises AlertError."""


class AlertError(Exception):
    """A target could not be told; the message says why, without the target's address, which may hold a token."""


def targets(settings: Settings) -> dict[str, Target]:
    """Whom to tell, by name; empty when nothing is set."""
    found: dict[str, Target] = {}
    if settings.alert_command is not None:
        found["command"] = partial(run, settings.alert_command)
    if settings.alert_webhook is not None:
        found["webhook"] = partial(post, settings.alert_webhook.get_secret_value())
    return found


def run(command: str, payload: Payload, seconds: int) -> None:
    """Give the payload to a shell command as JSON on standard input, its main parts as variables. Raises AlertError."""
    variables = environment(
        ALERT_KIND=payload["kind"] or "", ALERT_SEVERITY=payload["severity"] or "", ALERT_TEXT=payload["text"] or ""
    )
    with subprocess.Popen(
        ["/bin/sh", "-c", command],
        stdin=subprocess.PIPE,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        env=variables,
        start_new_session=True,
    ) as process:
        try:
            process.communicate(json.dumps(payload, ensure_ascii=False).encode(), seconds)
        except subprocess.TimeoutExpired:
            # with everything that it started: a child that lives on would hold the refresh
            os.killpg(process.pid, signal.SIGKILL)
            raise AlertError(f"did not end within {seconds} s") from None
    if process.returncode:
        raise AlertError(f"ended with exit code {process.returncode}")


class _NoRedirect(HTTPRedirectHandler):
    """Following a webhook that moved would send the alert where nobody asked for."""

    def redirect_request(
        self, req: Request, fp: IO[bytes], code: int, msg: str, headers: HTTPMessage, newurl: str
    ) -> None:
        """Nowhere."""


def post(url: str, payload: Payload, seconds: int) -> None:
    """Post the payload as JSON. Raises AlertError."""
    request = Request(
        url,
        data=json.dumps(payload).encode(),
        headers={"Content-Type": "application/json", "User-Agent": "ketenzicht"},
        method="POST",
    )
    try:
        build_opener(_NoRedirect).open(request, timeout=seconds).close()
    except HTTPError as error:
        raise AlertError(f"answered {error.code}") from None
    except (OSError, HTTPException, ValueError) as error:
        # what HTTP and address errors say can quote the address, which may hold a secret
        other = str(error) if isinstance(error, OSError) else "address or answer is none of HTTP"
        raise AlertError(f"could not be reached: {error.reason if isinstance(error, URLError) else other}") from None
