"""The tables of the demo."""

from __future__ import annotations

from io import StringIO

from rich.console import Console

from shoal.demo.report import show_answers, show_report, show_version

ODD = "[INST] hi [/INST]"


def test_words_of_the_data_are_no_markup() -> None:
    console = Console(file=StringIO(), width=300)
    profile = {"rows": 1, "labelCount": 1, "duplicateRows": 0}
    problems = [{"line": 3, "reason": f"Bad: {ODD}.", "fix": f"Mend {ODD}."}]
    columns = {"text": ODD, "label": ODD}
    version = {"profile": profile, "columns": columns, "rejectedRows": 0, "problems": problems}
    show_version(version, console)
    answer = {"text": ODD, "label": ODD, "probability": 1.0, "latencyMs": 1.0}
    nearest = {"name": ODD}
    show_answers(
        [answer | {"abstained": off, "cluster": nearest} for off in (True, False)], console
    )
    show_report(
        {
            "model": {"name": "odd"}, "number": 1,
            "report": {
                "accuracy": 1.0, "macroF1": 1.0, "ece": 0.0, "eceBefore": 0.0, "nmi": None,
                "trainRows": 1, "testRows": 1, "embeddedRows": 1, "cachedRows": 0,
                "baselines": [], "stages": [],
                "classes": [{"label": ODD, "f1": 1, "precision": 1, "recall": 1, "support": 1}],
                "clusters": [{"name": ODD, "size": 1, "cohesion": 1.0, "exemplars": [ODD]}],
            },
        },
        console,
    )  # fmt: skip
    assert isinstance(console.file, StringIO)
    assert console.file.getvalue().count(ODD) == 13
