"""The one way in which the house says no. Knows no reasons of its own: the verb that refuses writes the sentence."""


class Refused(Exception):
    """What was asked can't be done. The text says what, where and how to mend it, and may be shown to the asker."""
