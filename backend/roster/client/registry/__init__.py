"""What a registry holds, as commands ask for it."""
