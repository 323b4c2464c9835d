"""What needs two or more apps."""
