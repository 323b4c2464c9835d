"""What the vendor aims at; routines name the goals that they serve."""
