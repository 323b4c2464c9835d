"""The one way in which the house says no. Knows no reasons of its own: the verb that refuses writes the sentence."""


class Refused(Exception):
    """What was asked can't be done: what is wrong, how to mend it, and the field it is about, if it is about one.

    The text may be shown to the asker.
    """

    def __init__(self, what: str, mend: str = "", *, field: str | None = None) -> None:
        super().__init__(f"{what.rstrip('.')}. {mend}" if mend else what)
        self.what = what
        self.mend = mend
        self.field = field


def insist(is_so: bool, what: str, mend: str = "", field: str | None = None) -> None:
    """Refuses unless it is so."""
    if not is_so:
        raise Refused(what, mend, field=field)
