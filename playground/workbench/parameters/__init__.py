"""The form of request parameters: a row is sent only when it was touched."""

from playground.workbench.parameters.derive import Words, parameters_of
from playground.workbench.parameters.form import ParameterForm
from playground.workbench.parameters.spec import Parameter

__all__ = ["Parameter", "ParameterForm", "Words", "parameters_of"]
