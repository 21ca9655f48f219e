"""Photos and data sets in."""
