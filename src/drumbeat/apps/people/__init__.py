"""The vendor and its staff: accounts, roles, working hours."""
