"""Rules that link spans to events, one concern a file.

layout        the mentions of a text, its sentences, noun phrases (a count and what it counts), coordination
voice         how a trigger stands in its sentence: active, passive, noun
participants  who does it, who suffers it, with what, how many
circumstances where, when, from where, and who says so
carry         what an event takes over from the events around it
status        asserted, denied, unverified, planned
draft         the event under construction
"""
