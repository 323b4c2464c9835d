"""The installation watching itself: which processes live, what each pass of theirs did. Knows nothing of the business."""
