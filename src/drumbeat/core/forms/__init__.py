"""Forms that people fill in: what their texts mean, and what is wrong with an answer. No pages, nothing kept."""

from drumbeat.core.forms.checking import Checked, check_answers, shown_fields
from drumbeat.core.forms.model import TYPES, Field, Form, OnlyIf
from drumbeat.core.forms.telling import facts_of, names_of, value_words

__all__ = [
    "TYPES",
    "Checked",
    "Field",
    "Form",
    "OnlyIf",
    "check_answers",
    "facts_of",
    "names_of",
    "shown_fields",
    "value_words",
]
