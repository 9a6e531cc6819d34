"""What becomes of what was deleted long ago, as the policy of the instance says."""
