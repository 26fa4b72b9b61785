"""What Django's own formats of a language lack. Django finds a module by its language."""
