"""What publishing a story leaves behind: its corrections and its versions, as rows."""
