"""What all doors share: the clock, the page frame, lists, template tags."""
