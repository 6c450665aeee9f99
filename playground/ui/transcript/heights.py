"""Where each of many messages is, when most heights are guesses: sums and searches in logarithmic time."""

from __future__ import annotations


class Heights:
    """Heights in whole pixels by index; a Fenwick tree keeps the sums."""

    def __init__(self, heights: list[int] | None = None) -> None:
        self._heights: list[int] = []
        self._tree: list[int] = [0]
        self.reset(heights or [])

    def reset(self, heights: list[int]) -> None:
        """Start again with these."""
        self._heights = list(heights)
        tree = [0, *heights]
        for at in range(1, len(tree)):
            above = at + (at & -at)
            if above < len(tree):
                tree[above] += tree[at]
        self._tree = tree

    def __len__(self) -> int:
        return len(self._heights)

    def __getitem__(self, at: int) -> int:
        return self._heights[at]

    def __setitem__(self, at: int, height: int) -> None:
        delta = height - self._heights[at]
        self._heights[at] = height
        at += 1
        while delta and at < len(self._tree):
            self._tree[at] += delta
            at += at & -at

    def append(self, height: int) -> None:
        """Add one at the end."""
        self._heights.append(height)
        at = len(self._tree)
        total, below = height, at - 1
        while below > at - (at & -at):
            total += self._tree[below]
            below -= below & -below
        self._tree.append(total)

    def cut(self, count: int) -> None:
        """Keep the first ``count``."""
        del self._heights[count:], self._tree[count + 1 :]

    def top(self, at: int) -> int:
        """The sum of the heights before index ``at``."""
        total = 0
        while at > 0:
            total += self._tree[at]
            at -= at & -at
        return total

    @property
    def total(self) -> int:
        """The sum of all."""
        return self.top(len(self._heights))

    def at(self, y: int) -> int:
        """The index that covers ``y``; the first or the last beyond the ends. -1 when there are none."""
        if not self._heights:
            return -1
        found, step = 0, 1 << (len(self._heights).bit_length() - 1)
        while step:
            below = found + step
            if below < len(self._tree) and self._tree[below] <= y:
                found, y = below, y - self._tree[below]
            step >>= 1
        return min(found, len(self._heights) - 1)
