"""What people fill in: forms of one's own, answers to them, the signed links that lead there, and files handed in."""
