"""What a browser would find in a page of ours."""

import base64
import hashlib
from html.parser import HTMLParser

VOID = frozenset({"meta", "link", "input"})


class Parsed(HTMLParser):
    """Tags with their attributes, and the text within each element, by class or tag."""

    def __init__(self, source: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.texts: dict[str, str] = {}
        self._stack: list[str] = []
        self.feed(source)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        if tag not in VOID:
            self._stack.append(dict(attrs).get("class") or tag)

    def handle_endtag(self, tag: str) -> None:
        self._stack.pop()

    def handle_data(self, data: str) -> None:
        for name in set(self._stack):
            self.texts[name] = self.texts.get(name, "") + data

    def attributes(self, name: str) -> list[str]:
        """All values of an attribute."""
        return [attrs[name] or "" for _, attrs in self.tags if name in attrs]


def digest(text: str) -> str:
    """What a security policy knows a style or script by."""
    return "sha256-" + base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()
