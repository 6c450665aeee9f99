"""What the doctor reports: one step per thing that can be wrong, each a sentence and, if need be, advice."""

from dataclasses import dataclass
from typing import Literal

State = Literal["running", "ok", "warning", "failed", "skipped"]

TITLES = {
    "address": "Address",
    "name": "Name (DNS)",
    "network": "Network",
    "encryption": "Encryption (TLS)",
    "endpoint": "Endpoint",
    "key": "Credential",
    "version": "API version",
    "deployment": "Deployment",
}


@dataclass(frozen=True)
class Step:
    """One line of the examination; a later one with the same ``id`` replaces it (running, then outcome)."""

    id: str
    state: State
    sentence: str = ""
    advice: str = ""

    @property
    def title(self) -> str:
        """What is examined, such as ``API version`` or ``Deployment gpt-4o``."""
        kind, _, name = self.id.partition(":")
        return f"{TITLES[kind]} {name}".strip()


def running(step_id: str) -> Step:
    """This is being looked at."""
    return Step(step_id, "running")


def ok(step_id: str, sentence: str) -> Step:
    """This is as it should be."""
    return Step(step_id, "ok", sentence)


def failed(step_id: str, sentence: str, advice: str) -> Step:
    """This is what is wrong."""
    return Step(step_id, "failed", sentence, advice)


def skipped(step_id: str, sentence: str) -> Step:
    """This could not, or need not, be looked at."""
    return Step(step_id, "skipped", sentence)


def summary(steps: list[Step]) -> Step:
    """The verdict over all steps: the first failure, else the first warning, else that it works."""
    for state in ("failed", "warning"):
        for step in steps:
            if step.state == state:
                return step
    return ok("endpoint", "Everything that was examined works.")
