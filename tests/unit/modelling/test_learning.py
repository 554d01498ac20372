"""Learning is exact: the same rows give the same whole numbers."""

from modelling.learning import Row, learned
from modelling.messages import messages
from modelling.training import packed, steps
from triagewire.scoring.second_opinion.opinion import Weights

ROWS = [
    *(Row(("blue", "lips", f"filler{n % 4}"), True) for n in range(12)),
    *(Row(("blue", "car", f"filler{n % 4}"), False) for n in range(12)),
]


def test_the_same_rows_give_the_same_weights() -> None:
    assert learned(ROWS) == learned(list(ROWS))


def test_these_rows_give_these_very_weights() -> None:
    weights = learned(ROWS)

    assert weights == Weights(
        bias=0, of={"car": -82, "filler1": 2, "filler2": -1, "filler3": -2, "lips": 81}
    )


def test_what_tells_them_apart_weighs_most() -> None:
    weights = learned(ROWS)

    assert weights.of["lips"] > 0 > weights.of["car"]
    assert weights.sum(("blue", "lips")) > 0 > weights.sum(("blue", "car"))


def test_a_name_that_is_rare_is_not_learned() -> None:
    assert "once" not in learned([*ROWS, Row(("once",), True)]).of


def test_names_are_packed_by_weight() -> None:
    packed_weights = packed(Weights(bias=3, of={"b": 2, "a": 2, "c": -1}))

    assert packed_weights == {"bias": 3, "weights": {"-1": "c", "2": "a b"}}


def test_suspicion_only_rises() -> None:
    assert steps([], []) == []


def test_every_message_has_a_licence_and_ids_are_unique() -> None:
    found = messages()

    assert all(message.licence and "not stated" not in message.licence for message in found)
    assert len({message.id for message in found}) == len(found)
