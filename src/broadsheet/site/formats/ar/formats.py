"""Arabic: Django has a day and an hour, and together writes them in the American order."""

DATETIME_FORMAT = "j F، Y، g:i A"
