"""Read from elsewhere: only from addresses that were checked, within limits."""
