"""What came out, as tables. Words of the data are escaped: `[/INST]` is no markup of ours."""

from __future__ import annotations

from typing import Any

from rich.console import Console, Group, JustifyMethod
from rich.markup import escape
from rich.panel import Panel
from rich.table import Table

WORST_CLASSES = 5
LARGEST_CLUSTERS = 10
FIRST_PROBLEMS = 5
EXAMPLE_CHARS = 44
Plain = dict[str, Any]


def show_version(version: Plain, console: Console) -> None:
    """A data set's version in a few lines: what was read, how, and what was wrong with it."""
    profile, columns = version["profile"], version["columns"]
    if profile:
        named = escape(columns["label"] or "")
        labels = f"labels in [bold]{named}[/]" if named else "no labels"
        console.print(
            f"{profile['rows']:,} rows, {profile['labelCount']:,} labels, "
            f"{profile['duplicateRows']:,} duplicates, {version['rejectedRows']:,} rejected; "
            f"text in [bold]{escape(columns['text'])}[/], {labels}"
        )
    for problem in version["problems"][:FIRST_PROBLEMS]:
        where = f"line {problem['line']}: " if problem["line"] else ""
        console.print(f"  [yellow]{where}{escape(problem['reason'])}[/] {escape(problem['fix'])}")


def show_report(model_version: Plain, console: Console) -> None:
    """How good the model is, where it is weak, and which groups the data falls into."""
    report = model_version["report"]
    name = f"{model_version['model']['name']} v{model_version['number']}"
    parts = (_figures(report), "", _worst_classes(report), "", _clusters(report))
    console.print(Panel(Group(*parts), title=f"[bold]{name}", padding=(1, 2)))


def show_answers(predictions: list[Plain], console: Console) -> None:
    """New texts with their labels and probabilities."""
    table = Table(title="New texts, classified by the published model", title_justify="left")
    for heading in ("text", "label", "probability", "nearest group", "ms"):
        table.add_column(heading, justify="right" if heading in ("probability", "ms") else "left")
    for answer in predictions:
        label = escape(f"({answer['label']}?)" if answer["abstained"] else answer["label"])
        table.add_row(
            escape(answer["text"]), f"[bold]{label}", f"{answer['probability']:.2f}",
            escape(answer["cluster"]["name"]), f"{answer['latencyMs']:.1f}",
        )  # fmt: skip
    console.print(table)


def _figures(report: Plain) -> Table:
    table = Table.grid(padding=(0, 3))
    majority = [f"{b['name']} {b['accuracy']:.3f}" for b in report["baselines"]]
    rows = (
        ("accuracy", f"{report['accuracy']:.3f}", f"baselines: {', '.join(majority)}"),
        ("macro F1", f"{report['macroF1']:.3f}", ""),
        ("calibration error", f"{report['ece']:.3f}", f"{report['eceBefore']:.3f} before"),
        ("NMI of clusters and labels", _maybe(report["nmi"]), ""),
        ("rows", f"{report['trainRows']:,} + {report['testRows']:,}", "for training + held out"),
        ("embedded", f"{report['embeddedRows']:,}", f"{report['cachedRows']:,} from the cache"),
        ("seconds", f"{sum(s['seconds'] for s in report['stages']):.1f}", _slowest(report)),
    )
    for name, value, note in rows:
        table.add_row(name, f"[bold]{value}", f"[dim]{note}")
    return table


def _worst_classes(report: Plain) -> Table:
    table = Table(title="Worst classes", title_justify="left")
    for heading in ("label", "F1", "precision", "recall", "test rows"):
        table.add_column(heading, justify="left" if heading == "label" else "right")
    for each in sorted(report["classes"], key=lambda c: (c["f1"], -c["support"]))[:WORST_CLASSES]:
        shares = (f"{each[name]:.2f}" for name in ("f1", "precision", "recall"))
        table.add_row(escape(each["label"]), *shares, str(each["support"]))
    return table


def _clusters(report: Plain) -> Table:
    clusters = sorted(report["clusters"], key=lambda c: -c["size"])
    title = f"Largest of {len(clusters)} clusters"
    table = Table(title=title, title_justify="left")
    for heading in ("cluster", "rows", "cohesion", "example"):
        justify: JustifyMethod = "right" if heading in ("rows", "cohesion") else "left"
        table.add_column(heading, justify=justify, no_wrap=heading == "cluster")
    for each in clusters[:LARGEST_CLUSTERS]:
        example = escape(_clipped(next(iter(each["exemplars"]), "")))
        name = escape(each["name"])
        table.add_row(name, f"{each['size']:,}", f"{each['cohesion']:.2f}", example)
    return table


def _slowest(report: Plain) -> str:
    slow = sorted(report["stages"], key=lambda s: -s["seconds"])[:3]
    return ", ".join(f"{s['stage']} {s['seconds']:.1f} s" for s in slow)


def _maybe(value: float | None) -> str:
    return "–" if value is None else f"{value:.3f}"


def _clipped(text: str) -> str:
    return text if len(text) <= EXAMPLE_CHARS else text[: EXAMPLE_CHARS - 1] + "…"
