"""What the project says about itself: model cards, citations, licences, and how to reproduce every number."""
