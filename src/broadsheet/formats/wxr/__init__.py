"""WordPress eXtended RSS: the file that WordPress writes under Tools → Export."""
