"""How good a detector is, computed from stored predictions."""
