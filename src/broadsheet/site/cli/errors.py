"""Errors of the command line: one line that says what is wrong, never a traceback."""

from typing import Any

import click

from broadsheet.site.config import ConfigError


class Stop(click.ClickException):
    """A command ends here, with one line for the person who typed it."""

    def show(self, file: Any = None) -> None:
        click.echo(f"broadsheet: {self.format_message()}", err=True, file=file)


class OneLineGroup(click.Group):
    """Turns what a publisher can mend (a setting, a folder, a database) into one line."""

    def invoke(self, ctx: click.Context) -> Any:
        try:
            return super().invoke(ctx)
        except ConfigError as error:
            raise Stop(str(error)) from error
        except PermissionError as error:
            raise Stop(f"no permission to write {error.filename}") from error
        except Exception as error:
            if type(error).__module__ == "django.db.utils":
                raise Stop(f"the database cannot be used: {_first_line(error)}") from error
            raise


def _first_line(error: Exception) -> str:
    return str(error).strip().partition("\n")[0] or type(error).__name__
