"""Messages to a shop: what a platform for pictures and checks is furnished with."""

from __future__ import annotations

import csv
from itertools import product
from pathlib import Path

THINGS = (
    "the lamp", "my jacket", "the coffee grinder", "the garden chairs",
    "my running shoes", "the bookshelf", "the kettle", "my headphones",
)  # fmt: skip
DEVICES = (
    "my phone", "the app", "your website", "my laptop",
    "the tablet", "my work computer", "the new browser", "an old phone",
)  # fmt: skip
SAID = {
    "delivery": (
        "When will {} be delivered?",
        "The courier did not bring {} today.",
        "Tracking says {} is still in your warehouse.",
        "Can you ship {} to Norway?",
        "I was at home, but {} went back to the depot.",
        "Please send {} to another address.",
    ),
    "refund": (
        "I want my money back for {}.",
        "How do I return {} and get a refund?",
        "You still owe me the refund for {}.",
        "I sent {} back two weeks ago, where is my money?",
        "The refund for {} is lower than what I paid.",
        "I would rather have the money than a voucher for {}.",
    ),
    "damaged": (
        "A part of {} arrived broken.",
        "After one week {} stopped working.",
        "There is a deep scratch on {}.",
        "The box was torn and {} is damaged.",
        "A screw is missing, so {} falls apart.",
        "It smells of smoke when I use {}.",
    ),
    "product": (
        "Which sizes are there of {}?",
        "What material is {} made of?",
        "Will {} be in stock again in blue?",
        "Is there a guarantee on {}?",
        "What is the difference between {} and the older model?",
        "How do I clean {}?",
    ),
    "account": (
        "I cannot sign in on {}.",
        "My password is not accepted by {}.",
        "How do I change my email address with {}?",
        "The code to confirm my account never reached {}.",
        "Please remove {} from my account.",
        "Somebody else uses my account on {}.",
    ),
}
WRONG = 23
"""Every so many rows have the label of their neighbour."""
FAULTS = (
    ("", "refund"),
    ("This label is too long for a label.", "refund, delivery or something else; " * 8),
    ("", "delivery"),
)
ASKED = (
    "Where is my parcel with the two lamps?", "The zip of my new jacket is torn",
    "Can I have my money back, please?", "The app says that my password is wrong",
    "Do you sell the kettle in green?", "My order was due on Monday",
    "One leg of the bookshelf is broken", "When do I get the refund for the chairs?",
    "I no longer get the code to sign in", "Is the grinder made of steel?",
    "The driver left the shoes in the rain and now they are ruined",
    "You took the amount twice from my card", "How heavy is the bookshelf?",
    "Delete my account and everything in it", "The headphones crackle on one side",
    "Could you deliver after six in the evening?",
)  # fmt: skip
STRANGE = (
    "The moons of Jupiter were first seen in 1610", "A comet has a tail of dust and gas",
    "Telescopes on mountains see fainter stars", "The orbit of Mars is an ellipse",
    "Saturn's rings are made of ice", "An eclipse of the moon lasts some hours",
    "Galaxies move away from each other", "A star of that size ends as a white dwarf",
    "Venus turns the other way round", "Nebulas are clouds where stars are born",
    "The telescope was pointed at a distant galaxy", "Meteors burn up in the air",
)  # fmt: skip


def messages() -> list[tuple[str, str]]:
    """Texts with their labels, in an order in which labels take turns."""
    columns = []
    for label, said in SAID.items():
        things = DEVICES if label == "account" else THINGS
        columns.append(
            [(sentence.format(thing), label) for sentence, thing in product(said, things)]
        )
    rows = [row for turn in zip(*columns, strict=True) for row in turn]
    return [
        (text[0].upper() + text[1:], rows[number - 1][1] if number % WRONG == 1 else label)
        for number, (text, label) in enumerate(rows)
    ]


def write_messages(path: Path) -> Path:
    """A CSV file with some rows twice, and some that cannot be read."""
    rows = messages()
    with path.open("w", newline="") as file:
        csv.writer(file).writerows([("text", "label"), *rows, *rows[40:46], *FAULTS])
    return path
