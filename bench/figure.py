"""One figure: a name, a value, a goal, and whether the goal is met."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Figure:
    """`at_least` tells on which side of the goal the value should be."""

    name: str
    value: float
    goal: float
    at_least: bool
    unit: str = ""

    @property
    def is_ok(self) -> bool:
        return self.value >= self.goal if self.at_least else self.value <= self.goal

    def __str__(self) -> str:
        sign = ">=" if self.at_least else "<="
        verdict = "ok" if self.is_ok else "short"
        return f"{self.name} {self.value:.4g}{self.unit} {sign}{self.goal:g}{self.unit} {verdict}"


def at_least(name: str, value: float, goal: float, unit: str = "") -> Figure:
    return Figure(name, value, goal, at_least=True, unit=unit)


def at_most(name: str, value: float, goal: float, unit: str = "") -> Figure:
    return Figure(name, value, goal, at_least=False, unit=unit)
