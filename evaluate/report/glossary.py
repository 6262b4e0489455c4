"""The scores of a report in plain words."""

from typing import Final

TERMS: Final = (
    (
        "Precision, recall, F1",
        "Precision: of what the model found, the share that is right. Recall: of what is there, the share that it "
        "found. F1 lies between them and is low as soon as one of them is.",
    ),
    ("Gold", "What the annotators say. Every score compares with it, and it has mistakes of its own."),
    (
        "Tag F1",
        "A span counts as right when start, end and label are. Core tag F1 looks at weapons, counts, places and "
        "speakers alone. Relaxed: the same label and an overlap are enough.",
    ),
    ("Trigger F1", "The words that say that an event happened: found exactly, and with the right event type."),
    ("Argument F1", "Event type, role and the exact span that fills the role, whatever trigger it hangs on."),
    (
        "Tuple F1",
        "Events as a reader uses them. Predicted and gold events of one type are paired so that they agree best; each "
        "pair counts by the share of its slots that agree. Two fillers agree when they overlap or say the same, two "
        "counts when they come to the same numbers.",
    ),
    (
        "Exact tuple F1",
        "An event is right only if weapons, counts, places and speakers all agree, empty slots included.",
    ),
    ("Status right", "Of the paired events, the share with the right status: asserted, denied, unverified or planned."),
    (
        "Ceiling",
        "The tuple score when the postprocessor is given the annotators' spans: what remains for the tagger to lose.",
    ),
    (
        "95% interval",
        "The documents are drawn again and again with replacement and scored each time; 95 of 100 scores lie in it. "
        "It says how much the score depends on which documents happened to be in the data.",
    ),
    (
        "p, corrected p",
        "How often a difference as large comes about when the two models' outputs are swapped at random, document by "
        "document. Corrected: many comparisons find a difference by luck sooner or later, and this is paid for. Below "
        "0.05 the page says that the difference is beyond chance.",
    ),
    (
        "Calibration, ECE, Brier",
        "A model that says 80% should be right in 80 of 100 cases. The expected calibration error is the mean gap "
        "between the two; Brier the mean squared distance of the confidence from right (1) or wrong (0). For both, "
        "less is better.",
    ),
    (
        "Kinds of error",
        "Missed: a gold span without a prediction. Spurious: a prediction without a gold span. Wrong label: the ends "
        "are right or overlap, the label is not. Wrong boundary: the label is right, the ends are not. Wrong link: "
        "the spans are there, but an event has the wrong ones, or the wrong status.",
    ),
    (
        "Signature",
        "Version, guide, mode, scheme and a digest of the data. Two figures can be compared when their signatures "
        "agree.",
    ),
)
"""Terms and what they mean, in the order to show them."""
