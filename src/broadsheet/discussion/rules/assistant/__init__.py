"""The assistant's arithmetic: what it sees of a comment, how it learns, what it has to prove."""
