"""Scorecards: what a partner's score is made of, its versions, and the scores of days."""
