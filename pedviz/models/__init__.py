"""The detectors: what each variant is, how it is built, how its weights are kept."""
