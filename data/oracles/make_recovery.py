"""Writes recovery.json: dictionaries beside true features, matched by scipy.optimize.linear_sum_assignment."""

import json
import math
import pathlib
import random

import numpy
import scipy
import scipy.optimize

HERE = pathlib.Path(__file__)
# (h, F, d, whole): fewer, as many and more rows than features; whole numbers make ties and equal rows.
SIZES = [(1, 1, 3, False), (1, 5, 2, False), (5, 1, 2, False), (4, 7, 3, True), (7, 4, 3, True), (9, 9, 4, False)]
SIZES += [(6, 20, 5, False), (20, 6, 5, False), (16, 16, 2, True), (24, 24, 8, False)]


def row(draw, d, whole):
    """Never 0: a feature has a direction."""
    while True:
        values = [draw.randint(-1, 2) if whole else round(draw.gauss(0, 1), 3) for _ in range(d)]
        if any(values):
            return values


def case(number, h, features, d, whole):
    draw = random.Random(number)
    decoder = [row(draw, d, whole) for _ in range(h)]
    directions = [row(draw, d, whole) for _ in range(features)]
    a, b = (numpy.array(m) / numpy.linalg.norm(m, axis=1, keepdims=True) for m in (decoder, directions))
    cosines = a @ b.T
    pairs = scipy.optimize.linear_sum_assignment(abs(cosines), maximize=True)
    # Rounded first: equal cosines differ in their last digits, and the lower index is the best of equal ones.
    best = numpy.argmax(numpy.round(abs(cosines), 9), axis=1)
    return {
        "decoder": decoder,
        "directions": directions,
        "mcc": float(math.fsum(abs(cosines[pairs])) / min(h, features)),
        "mmcs": float(math.fsum(cosines.max(axis=0)) / features),
        "tied": bool(whole),
        "uniqueness": len(set(best.tolist())) / h,
    }


cases = [case(number, *sizes) for number, sizes in enumerate(SIZES)]
made = {"madeWith": f"scipy {scipy.__version__}, numpy {numpy.__version__}", "cases": cases}
HERE.with_name("recovery.json").write_text(json.dumps(made, indent=None, separators=(",", ":")) + "\n")
