"""What the queue carries: chunks of work, never one row."""
