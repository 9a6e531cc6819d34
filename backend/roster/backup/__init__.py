"""What an operator keeps of an instance, and brings back: beside the server."""
