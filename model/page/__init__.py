"""Articles as one HTML page that a person reads: the text with coloured spans, the events beside it."""
