"""live: "something changed in thread 17", ids to open connections, never content."""
