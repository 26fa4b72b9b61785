"""The HTML that WordPress keeps: of posts into blocks, of comments into Markdown.

The steps, each in a file: ``lexer`` (tags and shortcodes) → ``tree`` → ``walker`` with its
handlers (``media``, ``texts``) for posts, ``comments`` for comments; ``runs`` is the formatted
text of one paragraph, ``safe`` the sanitiser that everything passes at the end.
"""
