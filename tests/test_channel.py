"""The medium through which a statement reached the report."""

import pytest
from conftest import made

from warwire.model.assemble import assemble

CHANNELS = {
    "The [governor|SPEAKER:s1] said on Telegram that [two|COUNT:c1] were [killed|KILL:e1].": "Telegram",
    "The [governor|SPEAKER:s1] said in a Facebook post that [two|COUNT:c1] were [killed|KILL:e1].": "Facebook",
    "The [governor|SPEAKER:s1] said in a brief Telegram message that [two|COUNT:c1] were [killed|KILL:e1].": "Telegram",
    "The [marshal|SPEAKER:s1] said in a television address that [two|COUNT:c1] were [killed|KILL:e1].": "television",
    "The [governor|SPEAKER:s1] said in a post that [two|COUNT:c1] were [killed|KILL:e1].": None,
    "[Two|COUNT:c1] were [killed|KILL:e1] in a Facebook post.": None,
    "The [governor|SPEAKER:s1] told Reuters that [two|COUNT:c1] were [killed|KILL:e1].": "Reuters",
    "The [governor|SPEAKER:s1] told Al-Monitor that [two|COUNT:c1] were [killed|KILL:e1].": "Al-Monitor",
    "The [governor|SPEAKER:s1] told Ukraine that [two|COUNT:c1] were [killed|KILL:e1].": None,
    "The [governor|SPEAKER:s1] told President Ada Lind that [two|COUNT:c1] were [killed|KILL:e1].": None,
    "The [governor|SPEAKER:s1] told the Security Council that [two|COUNT:c1] were [killed|KILL:e1].": None,
}


@pytest.mark.parametrize(("text", "channel"), CHANNELS.items())
def test_a_post_or_message_names_the_channel(text: str, channel: str | None) -> None:
    speaker = " speaker=s1" if "SPEAKER" in text else ""
    assert [event.channel for event in assemble(made(f"{text}\n---\ne1: count=c1{speaker}")).events] == [channel]
