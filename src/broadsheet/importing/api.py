"""The door of `importing`: bring a site of another system in, and answer its old addresses."""

from broadsheet.formats.api import WxrError
from broadsheet.importing.operations import bring_wordpress, look_at_wordpress, trial_report
from broadsheet.importing.queries import old_address
from broadsheet.importing.report import Report
from broadsheet.importing.wordpress.survey import Survey
from broadsheet.importing.wordpress.writer import FileChangedError

__all__ = [
    "FileChangedError",
    "Report",
    "Survey",
    "WxrError",
    "bring_wordpress",
    "look_at_wordpress",
    "old_address",
    "trial_report",
]
