"""Which keys stand where in a routine's text, in the order of the house. What they mean is told where they are read."""

from drumbeat.core.playbook.reading import BLACKOUT_KEYS, CADENCE_KEYS, PROMISE_KEYS, ROUTINE_KEYS
from drumbeat.core.playbook.steps import COMMON_KEYS, KIND_KEYS, SECOND_KEYS
from drumbeat.core.playbook.triggers import TRIGGER_KEYS

KEYS: dict[str, tuple[str, ...]] = {
    "": ROUTINE_KEYS,
    "promise": PROMISE_KEYS,
    "cadence": CADENCE_KEYS,
    "cadence.blackout": BLACKOUT_KEYS,
    "trigger": TRIGGER_KEYS,
    "steps.second": SECOND_KEYS,
}
# What a step is, before what it needs and when it is due.
FIRST = ("step", "kind", "title", "by", "minutes")


def keys_of_step(kind: str) -> tuple[str, ...]:
    """Those of a kind, those of every kind around them; of an unknown kind all there are."""
    own = KIND_KEYS.get(kind, tuple(dict.fromkeys(key for keys in KIND_KEYS.values() for key in keys)))
    return (*FIRST, *own, *(key for key in COMMON_KEYS if key not in FIRST))
