"""The laws: pure values in, values out. No Django, no clock, no randomness, no network, no database."""
