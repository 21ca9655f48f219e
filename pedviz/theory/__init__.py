"""The mathematics of detection in NumPy, written to be read. Nothing else of PedViz is imported here."""
