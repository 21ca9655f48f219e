"""The site as documents: one list of its pages, their HTML, and all of it as files."""
