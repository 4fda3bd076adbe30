"""NumPy's products, and SciPy's L-BFGS-B on NumPy's cost and gradient of the sparse autoencoder."""

import numpy
import scipy
import scipy.optimize

from arrays import read


def start(threads):
    return {"numpy": numpy.__version__, "scipy": scipy.__version__, "threads": threads}


def gemm(message):
    a, b = read(message["a"]), read(message["b"])
    left = a.T if message["transposeA"] else a
    right = b.T if message["transposeB"] else b
    out = numpy.empty((left.shape[0], right.shape[1]), dtype=a.dtype)

    def run():
        numpy.matmul(left, right, out=out)

    run()
    return run, {message["out"]: out}


def sigmoid(z):
    return 1 / (1 + numpy.exp(-z))


def cost_and_gradient(theta, x, units, task):
    """UFLDL's sparse autoencoder: ½‖x̂ − x‖² + (λ/2) Σ W² + β Σ KL(ρ‖ρ̂), with θ = W, b, D, c flat."""
    m, d = x.shape
    size = units * d
    w, b = theta[:size].reshape(units, d), theta[size : size + units]
    decoder, c = theta[size + units : 2 * size + units].reshape(units, d), theta[2 * size + units :]
    a = sigmoid(x @ w.T + b)
    output = sigmoid(a @ decoder + c)
    rate, target, beta, decay = a.mean(0), task["target"], task["weight"], task["weightDecay"]
    error = output - x
    divergence = target * numpy.log(target / rate) + (1 - target) * numpy.log((1 - target) / (1 - rate))
    squares = numpy.vdot(w, w) + numpy.vdot(decoder, decoder)
    cost = 0.5 * numpy.vdot(error, error) / m + 0.5 * decay * squares + beta * divergence.sum()
    delta = error * output * (1 - output) / m
    push = beta * ((1 - target) / (1 - rate) - target / rate) / m
    hidden = (delta @ decoder.T + push) * a * (1 - a)
    gradient = numpy.concatenate(
        [
            (hidden.T @ x + decay * w).ravel(),
            hidden.sum(0),
            (a.T @ delta + decay * decoder).ravel(),
            delta.sum(0),
        ]
    )
    return cost, gradient


def fit(message):
    task, x, start_at = message["objective"], read(message["x"]), read(message["start"]).astype(numpy.float64)
    precision = numpy.dtype(message["precision"]).type
    x = x.astype(precision)
    units = task["hidden"]

    def evaluate(theta):
        cost, gradient = cost_and_gradient(theta.astype(precision, copy=False), x, units, task)
        return float(cost), gradient.astype(numpy.float64, copy=False)

    # As ours: so many iterations, 20 pairs; nothing but the number of iterations ends it.
    options = {"maxiter": task["iterations"], "maxfun": 10**6, "maxcor": 20, "ftol": 0, "gtol": 0}

    def run():
        result = scipy.optimize.minimize(evaluate, start_at, jac=True, method="L-BFGS-B", options=options)
        result.x.tofile(message["theta"])
        numpy.array([result.nit, result.nfev], dtype=numpy.float64).tofile(message["counts"])

    cost, gradient = evaluate(start_at)
    return run, {message["cost"]: numpy.array([cost]), message["gradient"]: gradient}


TASKS = {"gemm": gemm, "fit": fit}
