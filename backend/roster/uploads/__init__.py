"""Take files in that nobody vouches for: as they arrive, onto disk, within limits."""
