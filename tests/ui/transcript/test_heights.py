"""Sums and searches agree with the plain way to make them."""

from hypothesis import given, settings
from hypothesis import strategies as st

from playground.ui.transcript.heights import Heights


@settings(max_examples=60, deadline=None)
@given(st.lists(st.integers(1, 500), max_size=40), st.data())
def test_heights_agree_with_a_list(start, data):
    plain, heights = list(start), Heights(list(start))
    for _ in range(data.draw(st.integers(0, 12))):
        act = data.draw(st.sampled_from(["append", "set", "cut"]))
        if act == "append":
            plain.append(data.draw(st.integers(1, 500)))
            heights.append(plain[-1])
        elif act == "set" and plain:
            at = data.draw(st.integers(0, len(plain) - 1))
            plain[at] = heights[at] = data.draw(st.integers(1, 500))
        elif act == "cut":
            count = data.draw(st.integers(0, len(plain)))
            del plain[count:]
            heights.cut(count)
    assert len(heights) == len(plain)
    assert heights.total == sum(plain)
    for at in range(len(plain) + 1):
        assert heights.top(at) == sum(plain[:at])
    for at in range(len(plain)):
        assert heights.at(sum(plain[:at])) == at
        assert heights.at(sum(plain[: at + 1]) - 1) == at
    assert heights.at(10**9) == len(plain) - 1
