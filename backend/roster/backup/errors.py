class BackupError(Exception):
    """Why something cannot be kept or brought back, as one sentence."""
