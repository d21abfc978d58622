"""What handlers of tasks and charges have in common: each is an act, played on the stage step by step."""

from __future__ import annotations

from abc import ABC, abstractmethod

from lso.backends.router import Router
from lso.store.job import Job
from lso.workflow.scene import Scene, Stage, Step


class Act(ABC):
    """One step a run, so that every one of them is kept before the next is thought of."""

    def __init__(self, stage: Stage, router: Router) -> None:
        self._stage = stage
        self._router = router

    def __call__(self, job: Job) -> float | None:
        """Move on what the job is about; answers when to come again."""
        return self._stage.play(job, self._next)

    def give_up(self, job: Job) -> bool:
        """Whether it was denied, as those who do the work could not be asked; what is settled, they must hear of."""
        return self._stage.refuse(job, self._refused)

    @abstractmethod
    def _next(self, scene: Scene) -> Step:
        """The next step."""

    def _refused(self, _scene: Scene, _reason: str) -> Step | None:
        """The step by which it is denied; None for what cannot be."""
        return None
