"""Tokens: reversible, stable, properly likely, and cut exactly at stop sequences."""

import math

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from playground.service.engines.protocols import Sampling, Token, UnknownTokenError
from playground.service.engines.simulated.chances import Chances
from playground.service.engines.simulated.tokenizer import CODEPOINT, SimulatedTokenizer
from playground.service.tokens import StopCutter
from playground.service.tokens_predicted import accepted_tokens

TOKENIZER = SimulatedTokenizer()
PROSE = "The quick explanation of a river begins in the mountains, and most of the questions end there."


@given(st.text(st.characters(exclude_categories=()), max_size=200))
def test_every_text_comes_back(text: str) -> None:
    ids = TOKENIZER.encode(text)
    assert TOKENIZER.decode(ids) == text
    assert all(TOKENIZER.encode(TOKENIZER.text(number)) for number in ids)


def test_ids_never_change() -> None:
    text = "Hello, the river flows 42 times.\n"
    assert TOKENIZER.encode(text) == [
        154787325,
        10112,
        10045,
        0,
        1676,
        70917632,
        25476,
        557507,
        964,
        10047,
        10011,
    ]


def test_a_token_is_about_four_characters() -> None:
    assert 3 < len(PROSE) / len(TOKENIZER.encode(PROSE)) < 5.5


@pytest.mark.parametrize("number", [-1, 9_999, 10_000, 2**29 - 1, CODEPOINT, CODEPOINT + 0x110000, 2**40])
def test_what_is_no_token_is_refused(number: int) -> None:
    with pytest.raises(UnknownTokenError):
        TOKENIZER.text(number)


@given(
    st.text("ab<>| ", max_size=60),
    st.lists(st.integers(1, 5), min_size=1),
    st.text("ab<>|", min_size=1, max_size=5),
)
@settings(max_examples=300)
def test_text_is_cut_exactly_before_a_stop_sequence(text: str, sizes: list[int], stop: str) -> None:
    cutter = StopCutter([stop])
    shown, place, turn = "", 0, 0
    while place < len(text) and not cutter.stopped:
        size = sizes[turn % len(sizes)]
        shown += "".join(token.text for token in cutter.feed(Token(turn, text[place : place + size])))
        assert stop not in shown
        place, turn = place + size, turn + 1
    shown += "".join(token.text for token in cutter.flush())
    assert shown == text.split(stop)[0]
    assert cutter.stopped == (stop in text)


@given(st.text("abc", max_size=40), st.lists(st.text("abc", min_size=1, max_size=4), min_size=1, max_size=4))
def test_no_stop_sequence_of_several_is_ever_shown(text: str, stops: list[str]) -> None:
    cutter = StopCutter(stops)
    shown = ""
    for place, letter in enumerate(text):
        shown += "".join(token.text for token in cutter.feed(Token(place, letter)))
        if cutter.stopped:
            break
    shown += "".join(token.text for token in cutter.flush())
    assert text.startswith(shown)
    assert not any(stop in shown for stop in stops)


@pytest.mark.parametrize("temperature", [0.0, 0.5, 1.0, 2.0])
def test_probabilities_are_proper(temperature: float) -> None:
    chances = Chances(TOKENIZER, Sampling(temperature=temperature, rivals=20))
    for number in TOKENIZER.encode(PROSE):
        token = chances.token(number)
        shares = [math.exp(rival.logprob) for rival in token.rivals]
        assert len(shares) == 20
        assert sum(shares) <= 1.0 + 1e-6
        assert shares == sorted(shares, reverse=True)
        assert len({rival.id for rival in token.rivals}) == 20
        assert (token.id, token.logprob) == (token.rivals[0].id, token.rivals[0].logprob)
        assert token.id == number


def test_a_bias_bars_a_token_or_forces_it() -> None:
    river, forced = TOKENIZER.encode(" river")[0], TOKENIZER.encode(" moon")[0]
    barred = Chances(TOKENIZER, Sampling(logit_bias={river: -100})).token(river)
    assert barred.id != river
    assert Chances(TOKENIZER, Sampling(logit_bias={forced: 100})).token(river).id == forced
    assert Chances(TOKENIZER, Sampling(logit_bias={forced: 1})).token(river).id == river
    assert Chances(TOKENIZER, Sampling(logit_bias={2**40: 100})).token(river).id == river


@pytest.mark.parametrize(
    ("prediction", "answer", "accepted"),
    [
        ([], [1], 0),
        ([1, 2, 3], [1, 2, 3], 3),
        ([1, 2, 3, 4], [1, 9, 3, 4], 3),
        ([1, 2], [3, 4], 0),
        ([1, 2, 3], [1], 1),
    ],
)
def test_predicted_tokens_are_counted(prediction: list[int], answer: list[int], accepted: int) -> None:
    assert accepted_tokens(prediction, answer) == accepted


@given(st.lists(st.integers(0, 3), max_size=40), st.lists(st.integers(0, 3), max_size=40))
def test_no_more_is_accepted_than_both_have(prediction: list[int], answer: list[int]) -> None:
    accepted = accepted_tokens(prediction, answer)
    assert 0 <= accepted <= min(len(prediction), len(answer))
    assert accepted_tokens(prediction, prediction) == len(prediction)
