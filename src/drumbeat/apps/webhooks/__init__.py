"""What is told to other systems: endpoints that an administrator named, and each delivery to them."""
