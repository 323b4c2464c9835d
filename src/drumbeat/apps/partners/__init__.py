"""Partners, their contacts, territories, assignments and facts."""
