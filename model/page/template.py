"""The template of a page that is one file: what is put into it is escaped, and a name without a value is an error."""

from collections.abc import Callable
from functools import cache

from jinja2 import Environment, FunctionLoader, StrictUndefined, Template


@cache
def page_template(name: str, read: Callable[[str], str]) -> Template:
    """The template of a page, compiled once.

    Args:
        name: of the template's file.
        read: the text of a file by its name, of the template as of those that it includes.

    Returns:
        The template; whatever is put into it is escaped, unless it is `Markup`, and a name that it is not given is an
        error.
    """
    environment = Environment(
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        loader=FunctionLoader(read),
    )
    return environment.get_template(name)
