"""The Celery app. The database is the truth: a message only says "look there"; losing it costs time, not work.

Settings that matter: messages are acknowledged late and one at a time, so that a killed worker's are seen again;
nothing is scheduled with eta or countdown (such messages sit unacknowledged and come twice); there are no results.
"""

from __future__ import annotations

import uuid
from typing import Any

from celery import Celery
from celery.signals import setup_logging
from kombu.connection import Connection

RUN = "lso.run"
DELIVER = "lso.deliver"
SWEEP = "lso.sweep"
TASK_SECONDS = 60
AGAIN_SECONDS = 2.0

TRANSPORT: dict[str, dict[str, Any]] = {
    # Without it the memory transport looks into its queues once a second.
    "memory": {"polling_interval": 0.01},
    # Visibility: more than twice a task's time limit. The restore settings: ten seconds, not a hundred, after a kill.
    "redis": {"visibility_timeout": 2 * TASK_SECONDS + 30, "unacked_restore_interval": 5, "unacked_restore_throttle": 1,
              "socket_keepalive": True, "socket_timeout": 10, "socket_connect_timeout": 3, "retry_on_timeout": True},
}


def _leave_logging_alone(**_about: object) -> None:
    """Logging belongs to the process; Celery sets none up as long as somebody listens to this signal."""


setup_logging.connect(_leave_logging_alone, weak=False)


class Patient(Connection):
    """A connection to a broker that may be away for long: asked for every other second, not ever more rarely."""

    def ensure_connection(self, *given: Any, **how: Any) -> Any:
        """Until it is there."""
        pace = {"interval_start": AGAIN_SECONDS, "interval_step": 0, "interval_max": AGAIN_SECONDS}
        return super().ensure_connection(*given, **{**how, **pace})  # type: ignore[no-untyped-call]


def create_app(broker_url: str) -> Celery:
    """An app without tasks: enough to publish. `lso.workflow.task` gives it some."""
    app = Celery("lso", broker=broker_url, set_as_current=False)
    app.amqp.Connection = Patient
    kind = broker_url.partition(":")[0].removesuffix("s")
    app.conf.update(
        task_acks_late=True,
        task_reject_on_worker_lost=True,
        task_ignore_result=True,
        task_store_errors_even_if_ignored=False,
        task_time_limit=TASK_SECONDS,
        task_publish_retry=False,
        task_serializer="json",
        accept_content=["json"],
        worker_prefetch_multiplier=1,
        worker_hijack_root_logger=False,
        worker_redirect_stdouts=False,
        worker_send_task_events=False,
        worker_enable_remote_control=False,
        worker_cancel_long_running_tasks_on_connection_loss=False,
        broker_connection_retry_on_startup=True,
        broker_connection_max_retries=None,  # a broker may be away for as long as it likes
        broker_transport_options=TRANSPORT.get(kind, {}),
        enable_utc=True,
        # The memory transport's queues belong to the process: each app in it has its own.
        task_default_queue=f"lso-{uuid.uuid4().hex}" if kind == "memory" else "lso",
    )
    return app
