"""The status bar: what runs, how much of the rate limit is left, and where answers come from."""

from PySide6.QtWidgets import QLabel, QStatusBar

from playground.ui.plain_label import PlainLabel


class StatusLine(QStatusBar):
    """Short facts at the bottom; each says in words what it means."""

    def __init__(self) -> None:
        super().__init__()
        self.setSizeGripEnabled(False)
        self._work = PlainLabel("Ready")
        self._limits = PlainLabel("")
        self._service = PlainLabel("")
        for label, name in ((self._work, "Work"), (self._limits, "Rate limits"), (self._service, "Service")):
            label.setAccessibleName(name)
            label.setProperty("muted", True)
        self.addWidget(self._work, 1)
        self.addPermanentWidget(self._limits)
        self.addPermanentWidget(self._service)

    def show_work(self, text: str) -> None:
        """What is being done at the moment."""
        self._work.setText(text or "Ready")

    def show_service(self, text: str) -> None:
        """Where answers come from."""
        self._service.setText(text)

    def show_limits(self, requests: str | None, tokens: str | None) -> None:
        """What the last answer said is left of the rate limit; counts as the service sent them."""
        parts = [
            f"{number} {word} left"
            for number, word in ((requests, "requests"), (tokens, "tokens"))
            if number is not None and not number.startswith("-")
        ]
        self._limits.setText(" · ".join(parts))

    def labels(self) -> list[QLabel]:
        """The labels, for tests."""
        return [self._work, self._limits, self._service]
