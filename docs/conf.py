"""Sphinx: the documentation is Markdown, in four kinds of pages and the decision records."""

import tomllib
from pathlib import Path

_project = tomllib.loads((Path(__file__).parent.parent / "pyproject.toml").read_text())["project"]

project = "Broadsheet"
author = "The Broadsheet authors"
project_copyright = author
release = version = _project["version"]

extensions = ["myst_parser"]
myst_enable_extensions = ["deflist", "fieldlist"]
# A link to a heading is checked like a link to a page.
myst_heading_anchors = 3
exclude_patterns = ["_build"]
nitpicky = True

html_theme = "furo"
html_title = "Broadsheet"
html_copy_source = False
html_show_sphinx = False
