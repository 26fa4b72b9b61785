"""Notes: a phrase of the story with a question, and the comments that answer it."""
