"""What happened: one row each, written by the action that did it. Knows no other app."""
