"""What happened with a partner, in order, and how to find it again. Owns no rows: it reads those of the apps below."""
