"""Rules that link spans to events, one concern a file.

layout        the mentions of a text, its sentences, noun phrases (a count and what it counts), coordination
voice         how a trigger stands in its sentence: active, passive, noun
chains        lists and places within places
objects       what a trigger's object or passive subject is
participants  who does it, who suffers it
instruments   with what, how many
circumstances where, when, from where, and who says so
carry         what an event takes over from the events around it
status        asserted, denied, unverified, planned
split         two counts, two events
channel       the medium of a statement
draft         the event under construction
"""
