"""The parameter form: a row for each field of a request, sent only when it was touched."""

from playground.workbench.parameters.form import ParameterForm
from playground.workbench.parameters.spec import Parameter

__all__ = ["Parameter", "ParameterForm"]
