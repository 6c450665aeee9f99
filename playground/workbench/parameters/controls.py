"""Chooses the field for a parameter."""

from collections.abc import Callable

from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout

from playground.ui.forms import (
    BigIntegerField,
    ChecksField,
    ChoiceField,
    FormField,
    IntegerField,
    JsonField,
    LinesField,
    NumberField,
    PairsField,
    TextField,
)
from playground.ui.forms.numbers import LARGEST_BOX
from playground.workbench.parameters.spec import Kind, Parameter

FLAG_WORDS = (("On", True), ("Off", False))
FORMATS = (("Plain text", "text"), ("JSON object", "json_object"), ("JSON by schema", "json_schema"))
FIRST_SCHEMA = {
    "name": "answer",
    "strict": True,
    "schema": {
        "type": "object",
        "properties": {"answer": {"type": "string"}},
        "required": ["answer"],
        "additionalProperties": False,
    },
}


def field_for(parameter: Parameter) -> FormField:
    """An empty field of the right kind."""
    return _MAKERS[parameter.kind](parameter)


def _number(parameter: Parameter) -> FormField:
    return NumberField(parameter.label, parameter.minimum or 0.0, parameter.maximum or 0.0, parameter.step)


def _integer(parameter: Parameter) -> FormField:
    minimum, maximum = parameter.minimum, parameter.maximum
    if (minimum is not None and minimum < -LARGEST_BOX) or (maximum is not None and maximum > LARGEST_BOX):
        return BigIntegerField(
            parameter.label,
            None if minimum is None else int(minimum),
            None if maximum is None else int(maximum),
        )
    low = 0 if minimum is None else int(minimum)
    return IntegerField(parameter.label, low, LARGEST_BOX if maximum is None else int(maximum))


def _pairs(parameter: Parameter) -> FormField:
    return PairsField(parameter.label, most=parameter.most, words=parameter.words)


def _numbers(parameter: Parameter) -> FormField:
    limits = (int(parameter.minimum or -100), int(parameter.maximum or 100))
    return PairsField(parameter.label, numbers=limits, digits_only=True, words=parameter.words)


def _text(parameter: Parameter) -> FormField:
    field = TextField(parameter.label, parameter.most)
    field.line.setPlaceholderText(parameter.placeholder)
    return field


class FormatField(FormField):
    """The form of an answer: text, any JSON object, or JSON that follows the schema written below."""

    wide = True

    def __init__(self, name: str) -> None:
        super().__init__(name)
        self.choice = ChoiceField(name, FORMATS)
        self.schema = JsonField(f"{name}: name and schema", dict)
        self._inputs = [self.choice.box, self.schema.json.view]
        self.setFocusProxy(self.choice)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(4)
        line = QHBoxLayout()
        line.addWidget(self.choice, 1)
        column.addLayout(line)
        column.addWidget(self.schema)
        self.choice.touched.connect(self._on_choice)
        self.schema.touched.connect(self._on_touch)
        self.put(None)

    def value(self) -> object:
        """The format as it is sent. Raises ``ValueError`` when the schema is not JSON."""
        kind = self.choice.value()
        if kind == "json_schema":
            return {"type": kind, "json_schema": self.schema.value() or {}}
        return None if kind is None else {"type": kind}

    def put(self, value: object) -> None:
        """Show a format."""
        known = value if isinstance(value, dict) else {}
        with self._fill():
            self.choice.put(known.get("type"))
            self.schema.put(known.get("json_schema"))
        self.schema.setVisible(known.get("type") == "json_schema")

    def takes(self, value: object) -> bool:
        """One of the three, with nothing added."""
        if not isinstance(value, dict):
            return False
        schema = value.get("type") == "json_schema"
        wanted = {"type", "json_schema"} if schema else {"type"}
        return set(value) == wanted and self.choice.takes(value["type"])

    def _on_choice(self) -> None:
        by_schema = self.choice.value() == "json_schema"
        if by_schema and not self.schema.json.text().strip():
            with self._fill():
                self.schema.put(FIRST_SCHEMA)
        self.schema.setVisible(by_schema)
        self._on_touch()


_MAKERS: dict[Kind, Callable[[Parameter], FormField]] = {
    "number": _number,
    "integer": _integer,
    "flag": lambda each: ChoiceField(each.label, FLAG_WORDS),
    "choice": lambda each: ChoiceField(each.label, each.choices, open=each.open),
    "choices": lambda each: ChecksField(each.label, each.choices),
    "text": _text,
    "lines": lambda each: LinesField(each.label, each.most, each.placeholder),
    "pairs": _pairs,
    "numbers": _numbers,
    "json": lambda each: JsonField(each.label),
    "format": lambda each: FormatField(each.label),
}
