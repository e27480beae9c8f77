"""Temperature scaling: one number that makes probabilities honest (Guo et al. 2017)."""

from __future__ import annotations

import numpy as np
from scipy.optimize import minimize_scalar
from scipy.special import logsumexp

from workers.pipeline.arrays import Doubles, Ints

COLDEST, HOTTEST = 0.02, 50.0


def temperature_of(scores: Doubles, y: Ints) -> float:
    """The temperature of least log-loss over scores (n, k) of rows with classes y (n,)."""
    bounds = (np.log(COLDEST), np.log(HOTTEST))
    found = minimize_scalar(lambda t: log_loss(scores, y, np.exp(t)), bounds=bounds)
    return float(np.exp(found.x))


def log_loss(scores: Doubles, y: Ints, temperature: float) -> float:
    """Mean of -log of the probability given to the row's class."""
    tempered = scores / temperature
    chosen = tempered[np.arange(len(y)), y]
    return float(np.mean(logsumexp(tempered, axis=1) - chosen))
