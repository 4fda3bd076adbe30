"""Writes preprocessing.json: row-wise normalisations, and reconstructions brought back to raw units. NumPy alone.

python3 data/oracles/make_preprocessing.py
"""

import json
import pathlib
import random

import numpy as np

rng = random.Random(7)
M, D = 6, 5


def normal(columns):
    return np.array([[rng.gauss(0, 1) for _ in range(columns)] for _ in range(M)])


x = normal(D) * 3 + np.arange(D)
made = normal(D)  # what a model might answer, in units after the steps
narrow = normal(3)


def layer_norm(rows, epsilon):
    mean, std = rows.mean(1, keepdims=True), rows.std(1, ddof=1, keepdims=True)
    return (rows - mean) / (std + epsilon), std, mean


def constant_norm(rows):
    length = np.linalg.norm(rows, axis=1, keepdims=True)
    return rows * np.sqrt(rows.shape[1]) / length, length / np.sqrt(rows.shape[1])


def whitening(rows, epsilon, kept=None):
    """mean, transform: symmetric where `kept` is None, the leading directions otherwise."""
    mean = rows.mean(0)
    values, vectors = np.linalg.eigh((rows - mean).T @ (rows - mean) / len(rows))
    values, vectors = values[::-1], vectors[:, ::-1]
    if kept is None:
        return mean, vectors @ np.diag(1 / np.sqrt(values + epsilon)) @ vectors.T
    return mean, (vectors[:, :kept] / np.sqrt(values[:kept] + epsilon)).T


def undone(u, mean, transform):
    return u @ np.linalg.pinv(transform).T + mean


# A longer chain: scale, layer-norm, zca.
deviation = 2.5
normed, std, mean = layer_norm(x / deviation, 0.01)
chain = (undone(made, *whitening(normed, 0.05)) * std + mean) * deviation

contrast_std = np.sqrt(x.var(1, ddof=1, keepdims=True) + 0.1)
layer = layer_norm(x, 1e-5)
constant = constant_norm(x)
out = {
    "x": x.tolist(),
    "made": made.tolist(),
    "narrow": narrow.tolist(),
    "layerNorm": {"u": layer[0].tolist(), "restored": (made * layer[1] + layer[2]).tolist()},
    "layerNormWide": {"epsilon": 0.5, "u": layer_norm(x, 0.5)[0].tolist()},
    "constantNorm": {"u": constant[0].tolist(), "restored": (made * constant[1]).tolist()},
    "contrast": {"epsilon": 0.1, "restored": (made * contrast_std + x.mean(1, keepdims=True)).tolist()},
    "standardize": {"restored": (made * x.std(0) + x.mean(0)).tolist()},
    "zca": {"epsilon": 0.1, "restored": undone(made, *whitening(x, 0.1)).tolist()},
    "pca": {"epsilon": 0.1, "restored": undone(narrow, *whitening(x, 0.1, 3)).tolist()},
    "chain": {"deviation": deviation, "layer": 0.01, "zca": 0.05, "restored": chain.tolist()},
}
pathlib.Path(__file__).with_name("preprocessing.json").write_text(json.dumps(out) + "\n")
