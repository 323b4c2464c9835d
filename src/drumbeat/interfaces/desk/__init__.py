"""The pages of the vendor's staff, one file per page family, named like the URL."""
