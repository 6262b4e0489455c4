"""The medium through which a statement reached the report: *on Telegram*, *told Reuters*. It is not a speaker."""

import re
from functools import lru_cache
from typing import Final

from warwire.model.linking.draft import Draft
from warwire.model.linking.layout import Layout
from warwire.model.normalise.party import read_party
from warwire.model.normalise.speaker import normalise_speaker

_CHANNEL: Final = re.compile(
    r"\b(?:on|via|through|in a post on|posted (?:on|to)|wrote on)\s+(?:the\s+|his\s+|her\s+|its\s+)?"
    r"(?:official\s+|social media (?:platform|site|network)\s+|messaging app\s+|account on\s+)*"
    r"(Telegram|X|Twitter|Facebook|WhatsApp|Truth Social|VKontakte|VK|"
    r"YouTube|Instagram|Signal|Viber|TikTok|state (?:TV|television|radio))\b"
    r"|\b(?:in|by)\s+an?\s+(?:\w+\s+)?(Telegram|Twitter|Facebook|WhatsApp|YouTube|Instagram|X|television|radio)\s+"
    r"(?:post|message|video|statement|address|interview|channel)\b"
    r"|\btold\s+(?:the\s+)?([A-Z][\w.-]*(?:\s+[A-Z][\w.-]*){0,2})"
)
_PRESS: Final = re.compile(
    r"\b(?:Post|Times|Observer|Monitor|Herald|Tribune|News|Online|Telegraph|Gazette|Journal|Guardian|TV|Radio|Press)$"
)
_NAMED: Final = (
    "Telegram", "X", "Twitter", "Facebook", "WhatsApp", "Truth Social", "VK", "YouTube", "Instagram", "Signal", "Viber",
    "TikTok", "TV", "television", "radio", "told",
)  # fmt: skip
"""One of these stands in whatever `_CHANNEL` matches; most sentences have none, and need no search."""


def channel_of(layout: Layout, draft: Draft) -> str | None:
    """The channel named in the sentence of an event that is credited to a speaker; None where there is none."""
    if not draft.has("speaker"):
        return None
    sentence = layout.sentences.items[draft.trigger.sentence]
    if not any(map(layout.text[sentence.start : sentence.end].__contains__, _NAMED)):
        return None
    match = _CHANNEL.search(layout.text, sentence.start, sentence.end)
    if match is None:
        return None
    channel = match[1] or match[2] or match[3].rstrip(".")
    return None if match[3] and not _may_be_medium(channel) else channel


@lru_cache(maxsize=2048)
def _may_be_medium(name: str) -> bool:
    """Whether one who was told may be a medium: *told Reuters*, but not *told Ukraine* or *told President X*."""
    if _PRESS.search(name):
        return True
    kind = normalise_speaker(name, 0, len(name)).kind
    return kind == "media" or (kind == "other" and not read_party(name)[1])
