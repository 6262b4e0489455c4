"""From spans to linked events: rules, and a learned scorer that takes the rules' answer as one of its signals.

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
rules         all of these, one after the other
tokens        the words of a text, and whose mention's they are
pairs         a trigger with a candidate, in numbers
features      named features, and their numbers
signals       what the scorer sees: named features and pairs
batch         the signals of several documents as one
scorer        the network, its file
corrections   what grammar decides against the scorer
grouping      from the fillers of a trigger to its events
learned       the way from a layout to its events
channel       the medium of a statement
draft         the event under construction
"""
