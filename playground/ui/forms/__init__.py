"""Fields for values of every kind; each shows a value it was given, and says when the user touched it."""

from playground.ui.forms.choices import ChecksField, ChoiceField
from playground.ui.forms.field import FormField
from playground.ui.forms.numbers import BigIntegerField, IntegerField, NumberField
from playground.ui.forms.pairs import PairsField
from playground.ui.forms.texts import JsonField, LinesField, TextField

__all__ = [
    "BigIntegerField",
    "ChecksField",
    "ChoiceField",
    "FormField",
    "IntegerField",
    "JsonField",
    "LinesField",
    "NumberField",
    "PairsField",
    "TextField",
]
