"""Arrays in, images and figures out."""
