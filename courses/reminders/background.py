"""Runs the reminders from the site itself, where no timer does: after a response, once an hour.

The audit log is sealed with them: a site without a timer has nothing else that runs by the clock.
"""

import logging
import threading
import time
from collections.abc import Callable
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.core.exceptions import MiddlewareNotUsed
from django.db import connections
from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from courses.people.seal_actions import seal_events
from courses.reminders.models import ReminderRun
from courses.reminders.runs import send_due_reminders

logger = logging.getLogger(__name__)

EVERY = timedelta(hours=1)  # one run of all processes together
LOOK = 300  # seconds after which a process looks whether a run is due


def run_if_due() -> None:
    """One run, where no process has taken one upon itself within the hour. An error is logged."""
    try:
        now = timezone.now()
        if ReminderRun.objects.claim(now, EVERY):
            seal_events(now)
            logger.info("reminders: %s", send_due_reminders(now))
    except Exception:
        logger.exception("reminders: a run failed; the next one is in an hour")
    finally:
        connections.close_all()


def after_response(get_response: Callable[[HttpRequest], HttpResponse]) -> Any:
    """Middleware that looks for due reminders, in a thread of its own, after a response.

    Unused where a timer does it (REMINDERS_RUN), a worker sends the mail, or mail is not queued.
    """
    is_queued = settings.EMAIL_BACKEND == "courses.web.mail.outbox.EmailBackend"
    is_sites_own = settings.MAIL_DELIVERY == settings.REMINDERS_RUN == "after-response"
    if not (is_queued and is_sites_own):
        raise MiddlewareNotUsed
    lock = threading.Lock()
    looked_at = float("-inf")

    def handle(request: HttpRequest) -> HttpResponse:
        nonlocal looked_at
        response = get_response(request)
        if time.monotonic() - looked_at < LOOK:
            return response
        with lock:
            is_due = time.monotonic() - looked_at >= LOOK
            if is_due:
                looked_at = time.monotonic()
        if is_due:
            threading.Thread(target=run_if_due, name="reminders", daemon=True).start()
        return response

    return handle
