"""The dashboard and the alerts ask for what the code tells, in the shape that is expected."""

from __future__ import annotations

import ast
import json
import re
from collections.abc import Iterator
from itertools import combinations
from pathlib import Path
from typing import Any

import pytest
import yaml
from prometheus_client import REGISTRY
from prometheus_client.metrics import MetricWrapperBase

import server.metrics
import server.webhooks.metrics
import store.telemetry.metrics
import workers.metrics

ROOT = Path(__file__).resolve().parents[2]
DASHBOARD = json.loads((ROOT / "deploy/grafana/shoal.json").read_text())
ALERTS = yaml.safe_load((ROOT / "deploy/prometheus/alerts.yml").read_text())
PANELS = [panel for panel in DASHBOARD["panels"] if panel["type"] != "row"]
RULES = [rule for group in ALERTS["groups"] for rule in group["rules"]]
DEFINED_IN = (server.metrics, server.webhooks.metrics, store.telemetry.metrics, workers.metrics)
SCRAPED = {"job", "instance"}
"""Labels that Prometheus itself adds."""
OF_PROCESSES = {"up", "process_open_fds", "process_max_fds", "process_resident_memory_bytes"}
KNOWN_TO_PROMQL = {
    "and", "by", "histogram_quantile", "increase", "max", "min", "on", "rate", "sum", "time",
    "topk",
}  # fmt: skip
DURATION = re.compile(r"\d+[smhd]")
LINES = ROOT / "docs/operation/logs.md"


def metrics() -> dict[str, set[str]]:
    """The labels of each series that some process tells, by its name."""
    assert all(DEFINED_IN)
    found = {}
    for metric in {*REGISTRY._collector_to_names}:
        if isinstance(metric, MetricWrapperBase) and metric._name.startswith("shoal_"):
            labels = {*metric._labelnames}
            name, kind = metric._name, metric._type
            if kind == "histogram":
                found |= {f"{name}_{end}": labels for end in ("sum", "count")}
                found[f"{name}_bucket"] = labels | {"le"}
            else:
                found[f"{name}_total" if kind == "counter" else name] = labels
    return found


def expressions() -> Iterator[tuple[str, str]]:
    for panel in PANELS:
        for target in panel["targets"]:
            yield target["expr"], target["legendFormat"]
    for rule in RULES:
        yield rule["expr"], rule["annotations"]["summary"]


@pytest.mark.parametrize(("expression", "shown"), [*expressions()])
def test_what_is_asked_for_is_told(expression: str, shown: str) -> None:
    known = metrics()
    bare = re.sub(r'"[^"]*"', '""', expression).replace("$__rate_interval", "5m")
    asked = set(re.findall(r"shoal_\w+", bare))
    assert asked <= known.keys(), asked - known.keys()
    labels = SCRAPED | {label for name in asked for label in known[name]}
    used = set(re.findall(r"(\w+)\s*(?:=~|!=|!~|=)(?!=)\s*\"", bare))
    for group in re.findall(r"(?:by|on)\s*\(([^)]*)\)", bare):
        used |= {each.strip() for each in group.split(",")}
    used |= set(re.findall(r"\{\{\s*(?:\$labels\.)?(\w+)\s*\}\}", shown))
    assert used <= labels, used - labels
    rest = re.sub(r"\{[^}]*\}|\[[^\]]*\]|(?:by|on)\s*\([^)]*\)", " ", bare)
    words = set(re.findall(r"[a-z_]\w*", rest))
    assert words <= asked | OF_PROCESSES | KNOWN_TO_PROMQL
    assert bare.count("(") == bare.count(")")


def test_every_metric_is_on_the_dashboard() -> None:
    """But for what says the same as another."""
    shown = {
        name
        for panel in PANELS
        for target in panel["targets"]
        for name in re.findall(r"shoal_\w+", target["expr"])
    }
    families = {re.sub(r"_(sum|count|bucket|total)$", "", name) for name in metrics()}
    assert families == {re.sub(r"_(sum|count|bucket|total)$", "", name) for name in shown}


def test_the_dashboard_has_the_shape_that_grafana_expects() -> None:
    assert DASHBOARD["uid"] == "shoal"
    assert isinstance(DASHBOARD["schemaVersion"], int)
    assert {"title", "time", "templating", "annotations", "panels"} <= DASHBOARD.keys()
    (variable,) = DASHBOARD["templating"]["list"]
    assert (variable["name"], variable["type"]) == ("datasource", "datasource")
    identifiers = [panel["id"] for panel in DASHBOARD["panels"]]
    assert len(identifiers) == len({*identifiers})
    for panel in PANELS:
        assert panel["type"] in ("timeseries", "stat")
        assert panel["title"]
        assert panel["description"].endswith(".")
        assert panel["datasource"] == {"type": "prometheus", "uid": "${datasource}"}
        assert {"defaults", "overrides"} == panel["fieldConfig"].keys()
        references = [target["refId"] for target in panel["targets"]]
        assert references == sorted({*references})


def test_panels_do_not_overlap() -> None:
    places = [panel["gridPos"] for panel in DASHBOARD["panels"]]
    assert all(place["x"] + place["w"] <= 24 for place in places)
    for one, other in combinations(places, 2):
        is_beside = one["x"] + one["w"] <= other["x"] or other["x"] + other["w"] <= one["x"]
        is_below = one["y"] + one["h"] <= other["y"] or other["y"] + other["h"] <= one["y"]
        assert is_beside or is_below


def test_alerts_have_the_shape_that_prometheus_expects() -> None:
    assert ALERTS.keys() == {"groups"}
    for group in ALERTS["groups"]:
        assert group.keys() == {"name", "rules"}
    names = [rule["alert"] for rule in RULES]
    assert len(names) == len({*names})
    for rule in RULES:
        assert rule.keys() - {"for"} == {"alert", "expr", "labels", "annotations"}
        assert rule["labels"]["severity"] in ("critical", "warning")
        assert DURATION.fullmatch(rule.get("for", "0s"))


def test_each_alert_says_what_to_do() -> None:
    guide = (ROOT / "docs/operation/monitoring.md").read_text()
    told = set(re.findall(r"^\| `(Shoal\w+)` \|", guide, re.MULTILINE))
    assert told == {rule["alert"] for rule in RULES}


def test_every_line_of_the_log_that_is_no_good_news_is_explained() -> None:
    """And no other; lines that are made of parts are those of jobs."""
    told = set(re.findall(r"^\| `([^`]+)` \|", LINES.read_text(), re.MULTILINE))
    assert told == {*_lines("warning"), *_lines("error"), *_lines("exception")}


def _lines(level: str) -> Iterator[str]:
    for folder in ("store", "schema", "server", "workers"):
        for path in (ROOT / folder).rglob("*.py"):
            for node in ast.walk(ast.parse(path.read_text())):
                if _is_call(node, level):
                    yield node.args[0].value  # type: ignore[attr-defined]


def _is_call(node: Any, level: str) -> bool:
    return (
        isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and node.func.attr == level
        and isinstance(node.func.value, ast.Name)
        and node.func.value.id == "log"
        and isinstance(node.args[0], ast.Constant)
    )
