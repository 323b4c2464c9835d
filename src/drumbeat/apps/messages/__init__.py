"""Mail on its way out of the house: written once, sent once."""
