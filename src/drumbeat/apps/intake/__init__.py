"""Files from outside: read through a mapping, previewed, loaded whole or not at all."""
