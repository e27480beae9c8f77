"""The rounds as lines and as the table of docs/reliability.md."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from pathlib import Path

from tests.faults.findings import Kind
from tests.faults.plan import Action, Victim
from tests.faults.round import Round

DOCS = Path(__file__).resolve().parents[2] / "docs" / "reliability.md"
BEGIN, END = "<!-- rounds: written by make faults -->", "<!-- rounds end -->"


def line(done: Round) -> str:
    """One round in a line; what it found is told below it."""
    plan = done.plan
    result = "ok" if done.is_good else "; ".join(sorted({f.kind.value for f in done.findings}))
    return (
        f"{plan.number:4}  seed {plan.seed}  {plan.victim:<16} {plan.action:<8} "
        f"at {done.moment_s:5.1f} s  {done.status:<9}  job on {_seconds(done.job_s)}  "
        f"answers {_seconds(done.answers_s)}  beside: {plan.beside:<18}  {result}"
    )


def table(rounds: Sequence[Round], seed: int) -> str:
    """What all rounds came to, in Markdown."""
    kinds = Counter(finding.kind for done in rounds for finding in done.findings)
    rows = [
        ("rounds", len(rounds)), ("seed", seed),
        ("jobs, events, answers or files lost", kinds[Kind.LOST]),
        ("doubled", kinds[Kind.DOUBLED]),
        ("wrong", kinds[Kind.WRONG]),
        ("left behind", kinds[Kind.LEFT]),
        ("later than 35 s", kinds[Kind.LATE]),
        ("longest until the job went on", _seconds(_longest(done.job_s for done in rounds))),
        ("longest until answers came again",
         _seconds(_longest(done.answers_s for done in rounds))),
    ]  # fmt: skip
    sums = "\n".join(f"| {what} | {count} |" for what, count in rows)
    return f"| all rounds | |\n|---|---|\n{sums}\n\n{_blows(rounds)}"


def write(rounds: Sequence[Round], seed: int) -> None:
    """Put the table in its place in docs/reliability.md."""
    before, _, rest = DOCS.read_text().partition(BEGIN)
    _, _, after = rest.partition(END)
    DOCS.write_text(f"{before}{BEGIN}\n{table(rounds, seed)}\n{END}{after}")


def _blows(rounds: Sequence[Round]) -> str:
    """Rounds and the longest recovery, by victim and by what was done to it."""
    head = f"| struck | {' | '.join(Action)} |\n|---{'|---' * len(Action)}|"
    lines = [f"| {victim} | {' | '.join(_cell(rounds, victim, a) for a in Action)} |"
             for victim in Victim]  # fmt: skip
    return "\n".join([head, *lines])


def _cell(rounds: Sequence[Round], victim: Victim, action: Action) -> str:
    """How many rounds, and how long the job waited at most."""
    those = [d for d in rounds if (d.plan.victim, d.plan.action) == (victim, action)]
    return f"{len(those)}, {_seconds(_longest(done.job_s for done in those))}" if those else "0"


def _longest(seconds: Iterable[float | None]) -> float | None:
    return max((each for each in seconds if each is not None), default=None)


def _seconds(seconds: float | None) -> str:
    return "     -" if seconds is None else f"{seconds:4.1f} s"
