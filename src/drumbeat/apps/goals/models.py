"""What the vendor aims at. Routines name goals by key; measures and targets come with plans."""

from django.db import models


class Goal(models.Model):
    key = models.SlugField(max_length=48, unique=True)
    title = models.CharField(max_length=80)
    purpose = models.CharField(max_length=300, blank=True)

    class Meta:
        ordering = ["key"]

    def __str__(self) -> str:
        return self.title
