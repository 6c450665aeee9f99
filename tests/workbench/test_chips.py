"""Filter annotations: nothing is hidden, nothing raises, and blocked differs from merely noted."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from playground.wire.filters import PromptFilterResults
from playground.workbench.chips import chips_of

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=12), inner, max_size=4),
    max_leaves=12,
)


def words(results: object) -> list[str]:
    return [chip.text for chip in chips_of(results, "answer")]


def test_safe_categories_become_one_quiet_chip() -> None:
    safe = {"filtered": False, "severity": "safe"}
    chips = chips_of({"hate": safe, "violence": safe}, "prompt")
    assert [chip.text for chip in chips] == ["Prompt: safe"]
    assert "Hate, Violence" in chips[0].tooltip


def test_blocked_and_noted_are_told_apart() -> None:
    chips = chips_of(
        {"violence": {"filtered": True, "severity": "high"}, "hate": {"filtered": False, "severity": "low"}},
        "answer",
    )
    assert [(chip.text, chip.tone) for chip in chips] == [
        ("Violence: high · blocked", "danger"),
        ("Hate: low", "info"),
    ]


def test_a_filter_that_did_not_run_is_not_safe() -> None:
    assert words({"error": {"code": "x", "message": "timed out"}}) == ["Answer: not checked"]


def test_protected_code_shows_its_source_in_both_shapes() -> None:
    for verdict in (
        {"URL": "https://e.example/x", "license": "MIT"},
        {"citation": {"URL": "https://e.example/x", "license": "MIT"}},
    ):
        chips = chips_of(
            {"protected_material_code": {"filtered": False, "detected": True, **verdict}}, "answer"
        )
        assert "https://e.example/x" in chips[0].tooltip
        assert "MIT" in chips[0].tooltip


def test_blocklists_as_an_object_or_as_a_bare_list() -> None:
    details = [{"filtered": True, "id": "names"}]
    for verdict in ({"filtered": True, "details": details}, details):
        chip = chips_of({"custom_blocklists": verdict}, "prompt")[0]
        assert chip.tone == "danger"
        assert "names" in chip.tooltip


def test_an_unknown_category_is_shown_by_its_name() -> None:
    assert words({"brand_new_harm": {"filtered": True, "detected": True}}) == [
        "Brand new harm: detected · blocked"
    ]


def test_a_wire_model_says_the_same_as_its_mapping() -> None:
    raw = {
        "hate": {"filtered": False, "severity": "medium"},
        "jailbreak": {"filtered": False, "detected": False},
    }
    assert chips_of(PromptFilterResults.model_validate(raw), "prompt") == chips_of(raw, "prompt")


@pytest.mark.parametrize(
    "verdict",
    [
        {},
        {"action": "blocked"},
        {"filtered": "true"},
        {"filtered": False, "redacted": True},
        {"severity": ""},
    ],
)
def test_what_is_not_said_to_be_safe_is_not_called_safe(verdict) -> None:
    (chip,) = chips_of({"hate": verdict}, "answer")
    assert (chip.text, chip.tone) == ("Hate: unclear", "warn")


def test_an_unknown_severity_is_shown_as_it_is() -> None:
    assert words({"violence": {"filtered": False, "severity": "extreme"}}) == ["Violence: extreme"]


KNOWN_TEXTS = st.sampled_from(["safe", "low", "high", "odd", ""])
VERDICTS = st.fixed_dictionaries(
    {},
    optional={
        "filtered": st.booleans(),
        "detected": st.booleans(),
        "severity": KNOWN_TEXTS,
        "later": st.booleans(),
    },
)


@settings(max_examples=100, deadline=None)
@given(st.dictionaries(st.from_regex(r"[a-z]{3,8}", fullmatch=True), VERDICTS, max_size=4))
def test_each_category_is_named_somewhere(results) -> None:
    chips = chips_of(results, "answer")
    said = " ".join(f"{chip.text} {chip.tooltip}" for chip in chips)
    assert all(name.capitalize() in said for name in results if name != "error")
    blocked = {
        name.capitalize() for name, verdict in results.items() if verdict.get("filtered") and name != "error"
    }
    assert len([chip for chip in chips if chip.tone == "danger"]) == len(blocked)


@settings(max_examples=200, deadline=None)
@given(JSON)
def test_nothing_that_a_service_sends_raises_or_hides_a_category(results: object) -> None:
    chips = chips_of(results, "answer")
    if isinstance(results, dict) and any(verdict is not None for verdict in results.values()):
        assert chips
    assert all(len(chip.text) <= 300 and len(chip.tooltip) <= 300 for chip in chips)
