"""The medium through which a statement reached the report: *on Telegram*, *told Reuters*. It is not a speaker."""

import re
from typing import Final

from warwire.model.linking.draft import Draft
from warwire.model.linking.layout import Layout

_CHANNEL: Final = re.compile(
    r"\b(?:on|via|through|in a post on|posted (?:on|to)|wrote on)\s+(?:the\s+|his\s+|her\s+|its\s+)?"
    r"(?:official\s+|social media (?:platform|site|network)\s+|messaging app\s+|account on\s+)*"
    r"(Telegram|X|Twitter|Facebook|WhatsApp|Truth Social|VKontakte|VK|"
    r"YouTube|Instagram|Signal|Viber|TikTok|state (?:TV|television|radio))\b"
    r"|\b(?:in|by)\s+an?\s+(?:\w+\s+)?(Telegram|Twitter|Facebook|WhatsApp|YouTube|Instagram|X|television|radio)\s+"
    r"(?:post|message|video|statement|address|interview|channel)\b"
    r"|\btold\s+(?:the\s+)?([A-Z][\w.]*(?:\s+[A-Z][\w.]*){0,2})"
)


def channel_of(layout: Layout, draft: Draft) -> str | None:
    """The channel named in the sentence of an event that is credited to a speaker; None where there is none."""
    if not draft.has("speaker"):
        return None
    sentence = layout.sentences.items[draft.trigger.sentence]
    match = _CHANNEL.search(layout.text, sentence.start, sentence.end)
    return (match[1] or match[2] or match[3]).rstrip(".") if match else None
