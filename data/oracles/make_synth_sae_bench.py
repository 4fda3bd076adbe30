"""Writes synth-sae-bench.json: a small instance of SynthSAEBench's distribution [arXiv 2602.14687], drawn without any
of the engine's short cuts: all of z for every row, trees put out level by level over dense arrays, in NumPy; directions
by PyTorch's autograd and Adam. Nothing of it is exact but probabilities, parents and directions: rates, pairs and
moments are those of ROWS rows."""

import json
from pathlib import Path

import numpy as np
import torch
from scipy.stats import norm

FEATURES, ROOTS, BRANCHING, DEPTH = 40, 2, 3, 2
EXPONENT, RAREST, COMMONEST = 0.5, 0.02, 0.6
RANK, ROWS, CHUNK = 3, 4_000_000, 200_000


def zipf():
    ranks = np.arange(1, FEATURES + 1) ** -EXPONENT
    return RAREST + (COMMONEST - RAREST) * (ranks - ranks.min()) / (ranks.max() - ranks.min())


def levels():
    """Features of each level, and whose children they are."""
    found, parent, following = [list(range(ROOTS))], {i: -1 for i in range(ROOTS)}, ROOTS
    for _ in range(DEPTH):
        level = []
        for above in found[-1]:
            for _ in range(BRANCHING):
                parent[following] = above
                level.append(following)
                following += 1
        found.append(level)
    return found, parent


def compensated(p, parent):
    drawn = p.copy()
    for i, above in parent.items():
        if above >= 0:
            others = sum(p[j] for j, of in parent.items() if of == above and j != i)
            drawn[i] = min(1.0, p[i] / p[above] * (1 + others / p[above]))
    return drawn


def sample(rng, rows, shares, drawn, means, deviations, found, parent):
    own = np.sqrt(1 - (shares**2).sum(axis=1))
    z = rng.standard_normal((rows, RANK)) @ shares.T + rng.standard_normal((rows, FEATURES)) * own
    strengths = np.maximum(0, means + deviations * rng.standard_normal((rows, FEATURES)))
    a = np.where(z > norm.ppf(1 - drawn), strengths, 0.0)
    for level in range(DEPTH):
        for above in found[level]:
            below = [i for i, of in parent.items() if of == above]
            a[:, below] *= (a[:, [above]] / means[above])
            lots = np.where(a[:, below] > 0, rng.random((rows, len(below))), -1)
            a[:, below] *= np.arange(len(below)) == lots.argmax(axis=1)[:, None]
    return a


def statistics():
    rng = np.random.default_rng(2602)
    p, (found, parent) = zipf(), levels()
    drawn = compensated(p, parent)
    shares = rng.normal(0, 0.35, (FEATURES, RANK))
    shares *= np.sqrt(0.7 / (shares**2).sum(axis=1).max())
    means = np.linspace(5, 4, FEATURES)
    deviations = np.abs(rng.normal(1.5, 1.5, FEATURES))  # some strengths come out as 0
    pairs, total, squares = np.zeros((FEATURES, FEATURES)), np.zeros(FEATURES), np.zeros(FEATURES)
    for _ in range(ROWS // CHUNK):
        a = sample(rng, CHUNK, shares, drawn, means, deviations, found, parent)
        on = (a > 0).astype(np.float32)
        pairs += on.T @ on
        total += a.sum(axis=0)
        squares += (a**2).sum(axis=0)
    return {
        "rows": ROWS,
        "probabilities": p.tolist(),
        "parent": [parent[i] for i in range(len(parent))],
        "drawn": drawn.tolist(),
        "shares": shares.ravel().tolist(),
        "means": means.tolist(),
        "deviations": deviations.tolist(),
        "pairs": np.rint(pairs).astype(int).ravel().tolist(),
        "sums": total.tolist(),
        "squares": squares.tolist(),
    }


def directions():
    n, d, steps, rate = 12, 6, 30, 3e-3
    start = np.random.default_rng(14687).standard_normal((n, d)).astype(np.float32)
    start /= np.linalg.norm(start, axis=1, keepdims=True)
    v = torch.tensor(start, dtype=torch.float64, requires_grad=True)
    optimizer = torch.optim.Adam([v], lr=rate)
    for _ in range(steps):
        optimizer.zero_grad()
        g = v @ v.T
        off = g - torch.diag(torch.diag(g))
        ((off**2).sum() + n * ((torch.diag(g) - 1) ** 2).sum()).backward()
        optimizer.step()
    end = v.detach().numpy()
    end = end / np.linalg.norm(end, axis=1, keepdims=True)
    return {"n": n, "d": d, "steps": steps, "rate": rate, "start": start.ravel().tolist(), "end": end.ravel().tolist()}


def main():
    options = {
        "features": FEATURES, "roots": ROOTS, "branching": BRANCHING, "depth": DEPTH,
        "exponent": EXPONENT, "rarest": RAREST, "commonest": COMMONEST, "rank": RANK,
    }
    out = {"options": options, **statistics(), "directions": directions()}
    Path(__file__).with_name("synth-sae-bench.json").write_text(json.dumps(out) + "\n")


if __name__ == "__main__":
    main()
