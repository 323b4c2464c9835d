"""The portal: pages that a contact, or a director on the way, reaches by a signed link; no log-in, no session."""
