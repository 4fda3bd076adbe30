"""Writes normal-quantile.json and kl.json: 60-digit arithmetic (mpmath), rounded once to float64."""

import json
import math
import pathlib

import mpmath
import scipy
import scipy.stats

mpmath.mp.dps = 60
HERE = pathlib.Path(__file__)

# Both sides of every boundary of AS 241 (|p − 1/2| = 0.425; r = 5, p ≈ 1.4e-11), both tails, and the centre.
LOWER = [1e-300, 1e-250, 1e-200, 1e-150, 1e-100, 1e-50, 1e-30, 1e-20, 1e-16, 1e-13, 1.3e-11, 1.5e-11, 1e-9, 1e-7]
MIDDLE = [1e-5, 1e-3, 0.01, 0.05, 0.0749, 0.0751, 0.1, 0.2, 0.3, 0.4, 0.49, 0.5]
UPPER = [0.51, 0.6, 0.75, 0.9, 0.9249, 0.9251, 0.95, 0.975, 0.99, 0.999, 1 - 1e-6, 1 - 1e-10, 1 - 1e-13, 1 - 1e-16]
PAIRS = [(0.1, 0.4), (0.05, 0.05), (0.2, 0.5), (0.1, 0.5), (0.05, 0.2), (0.01, 0.5), (0.5, 0.01)]
PAIRS += [(0.1, 0.999), (0.1, 1e-8), (0.1, 1 - 1e-8), (0.3, 0.300001)]


def quantile(p):
    """Φ⁻¹ of the float64 p itself, by Newton's method in 60 digits from scipy's value."""
    p = mpmath.mpf(p)
    x = mpmath.mpf(float(scipy.stats.norm.ppf(float(p))))
    for _ in range(8):
        x -= (mpmath.erfc(-x / mpmath.sqrt(2)) / 2 - p) / mpmath.npdf(x)
    return float(x)


def kl(rho, rate):
    """Both Bernoulli terms, of the float64 arguments themselves."""
    rho, rate = mpmath.mpf(rho), mpmath.mpf(rate)
    return float(rho * mpmath.log(rho / rate) + (1 - rho) * mpmath.log((1 - rho) / (1 - rate)))


def kl_derivative(rho, rate):
    rho, rate = mpmath.mpf(rho), mpmath.mpf(rate)
    return float(-rho / rate + (1 - rho) / (1 - rate))


def write(name, document):
    rows = ",\n".join("  " + json.dumps(row) for row in document["values"])
    head = json.dumps({k: v for k, v in document.items() if k != "values"})[1:-1]
    HERE.with_name(name).write_text(f'{{\n {head},\n "values": [\n{rows}\n ]\n}}\n', encoding="utf-8")


if __name__ == "__main__":
    quantiles = []
    for p in LOWER + MIDDLE + UPPER:
        exact, by_scipy = quantile(p), float(scipy.stats.norm.ppf(p))
        assert abs(exact - by_scipy) <= 1e-14 * max(1, abs(exact)), (p, exact, by_scipy)
        quantiles.append({"p": p, "quantile": exact, "scipy": by_scipy})
    assert len(quantiles) == 40
    divergences = [{"rho": r, "rate": q, "kl": kl(r, q), "derivative": kl_derivative(r, q)} for r, q in PAIRS]
    # The often quoted value comes from plain float64 arithmetic; correctly rounded it is the next float64 above.
    assert abs(divergences[0]["kl"] - 0.22628916118535888) <= math.ulp(0.25), divergences[0]
    write("normal-quantile.json", {"mpmath": mpmath.__version__, "scipy": scipy.__version__, "values": quantiles})
    write("kl.json", {"mpmath": mpmath.__version__, "values": divergences})
