"""Writes statistics.json: reference values for LatheResults' statistics, from scipy (the file names its version).

    pip install scipy==1.17.1 && python3 make_statistics.py
"""

import json
import pathlib

import numpy as np
import scipy
from scipy import stats

generator = np.random.default_rng(20260301)
degrees = [0.5, 1, 2, 3.7, 8, 29, 250.25, 1e4]
values = [-40.0, -6.5, -1.0, -0.03, 0.0, 1e-6, 0.7, 2.3, 12.0]
probabilities = [1e-6, 0.005, 0.025, 0.3, 0.5, 0.75, 0.975, 0.9995]

samples = []
for first, second, spread in [(2, 2, 1.0), (3, 7, 5.0), (10, 10, 0.1), (40, 5, 2.0)]:
    a = generator.normal(2.0, 1.0, first)
    b = generator.normal(2.3, spread, second)
    test = stats.ttest_ind(a, b, equal_var=False)
    interval = test.confidence_interval(0.95)
    samples.append({
        "first": a.tolist(), "second": b.tolist(), "t": test.statistic, "degrees": test.df, "p": test.pvalue,
        "low": interval.low, "high": interval.high,
    })

pairs = []
for count in [2, 5, 30]:
    a = generator.normal(2.0, 1.0, count)
    b = a + generator.normal(0.1, 0.2, count)
    test = stats.ttest_rel(a, b)
    interval = test.confidence_interval(0.95)
    pairs.append({
        "first": a.tolist(), "second": b.tolist(), "t": test.statistic, "degrees": test.df, "p": test.pvalue,
        "low": interval.low, "high": interval.high,
    })


def holm(p):
    """The step-down procedure as Holm (1979) states it; scipy has none."""
    order = np.argsort(p)
    adjusted = np.minimum(1, np.maximum.accumulate(np.array(p)[order] * np.arange(len(p), 0, -1)))
    result = np.empty(len(p))
    result[order] = adjusted
    return result.tolist()


families = [[0.01, 0.04, 0.03, 0.005], [0.5], [0.9, 0.9, 0.2], [1e-9, 1.0, 0.02, 0.02]]

segments = []
for count in [2, 9, 200]:
    bytes_ = np.full(count, 1024)
    bytes_[-1] = 311
    best = bytes_ * generator.normal(1.4, 0.2, count)
    final = best + bytes_ * generator.normal(0.01, 0.05, count)
    difference = final - best
    ratio = difference.sum() / bytes_.sum()
    residual = difference - ratio * bytes_
    error = np.sqrt(count / (count - 1) * (residual**2).sum()) / bytes_.sum()
    segments.append({
        "bytes": bytes_.tolist(), "best": best.tolist(), "final": final.tolist(),
        "bits": ratio / np.log(2), "error": error / np.log(2),
    })

one = generator.normal(5, 2, 12)
half = stats.t.ppf(0.975, 11) * one.std(ddof=1) / np.sqrt(12)
reference = {
    "versions": {"scipy": scipy.__version__, "numpy": np.__version__},
    "cumulative": [[d, t, stats.t.cdf(t, d)] for d in degrees for t in values],
    "quantile": [[d, p, stats.t.ppf(p, d)] for d in degrees for p in probabilities],
    "welch": samples,
    "paired": pairs,
    "holm": [{"p": p, "adjusted": holm(p)} for p in families],
    "segments": segments,
    "sample": {
        "values": one.tolist(), "mean": one.mean(), "deviation": one.std(ddof=1), "median": np.median(one),
        "half": half,
    },
}
path = pathlib.Path(__file__).with_name("statistics.json")
path.write_text(json.dumps(reference, indent=1, default=lambda value: value.item()) + "\n")
