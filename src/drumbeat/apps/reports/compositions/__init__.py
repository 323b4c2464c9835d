"""The reports that ship, a file each, named as routines name them: `partner_scorecard.py` is `partner-scorecard`.
A new report is a new file."""

from importlib import import_module
from pkgutil import iter_modules

from drumbeat.apps.reports.composition import Composition

COMPOSITIONS: dict[str, Composition] = {
    module.name.replace("_", "-"): import_module(f"{__name__}.{module.name}").COMPOSITION
    for module in iter_modules(__path__)
}
