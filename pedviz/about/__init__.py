"""What the project says about itself: model cards, citations, licences, and how to get every number again."""
