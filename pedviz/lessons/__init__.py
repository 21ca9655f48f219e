"""What the lessons teach: their settings, presets, claims and first numbers, computed by `pedviz.theory`."""
