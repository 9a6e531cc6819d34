"""Which revision a file is that lies around somewhere: `roster status` asks it."""
