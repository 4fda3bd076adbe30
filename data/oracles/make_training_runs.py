"""Writes training-runs.json: ten full-batch steps of SGD with momentum, Nesterov and Adam, gradients by autograd."""

import pathlib

import torch

from oracle_model import as_lists, cost, draw, examples, write

STEPS = 10
MODELS = [
    (
        "sigmoid, squared error, KL",
        {
            "inputs": 6,
            "hidden": [4],
            "activation": "sigmoid",
            "output": "sigmoid",
            "loss": "squared-error",
            "tied": False,
            "weightDecay": 1e-3,
            "sparsity": {"kind": "kl", "target": 0.1, "weight": 3.0},
        },
        21,
    ),
    (
        "sigmoid, cross-entropy, tied, KL",
        {
            "inputs": 6,
            "hidden": [4],
            "activation": "sigmoid",
            "output": "sigmoid",
            "loss": "cross-entropy",
            "tied": True,
            "weightDecay": 1e-3,
            "sparsity": {"kind": "kl", "target": 0.1, "weight": 3.0},
        },
        22,
    ),
]
OPTIMIZERS = [
    {"kind": "sgd", "learningRate": 0.05, "momentum": 0.9, "nesterov": False},
    {"kind": "sgd", "learningRate": 0.05, "momentum": 0.9, "nesterov": True},
    {"kind": "adam", "learningRate": 0.02, "beta1": 0.9, "beta2": 0.999, "epsilon": 1e-8},
]


def by_torch(optimizer, values):
    """torch's own optimizer as a function that makes one step, reading each parameter's .grad."""
    if optimizer["kind"] == "adam":
        betas = (optimizer["beta1"], optimizer["beta2"])
        return torch.optim.Adam(values, lr=optimizer["learningRate"], betas=betas, eps=optimizer["epsilon"]).step
    return torch.optim.SGD(
        values, lr=optimizer["learningRate"], momentum=optimizer["momentum"], nesterov=optimizer["nesterov"]
    ).step


def by_formula(optimizer, values):
    """v ← μv − ηg, then θ ← θ + v (classical) or θ ← θ + μv − ηg (Nesterov).

    torch keeps u ← μu + g and subtracts ηu, or η(g + μu). With a constant η, v = −ηu: the same steps.
    """
    eta, mu = optimizer["learningRate"], optimizer["momentum"]
    velocities = [torch.zeros_like(p) for p in values]

    def step():
        with torch.no_grad():
            for p, v in zip(values, velocities):
                v.mul_(mu).sub_(eta * p.grad)
                p.add_(mu * v - eta * p.grad if optimizer["nesterov"] else v)

    return step


def run(config, optimizer, make_step, seed, x):
    parameters = draw(config, seed)
    values = list(parameters.values())
    step = make_step(optimizer, values)
    costs = []
    for _ in range(STEPS):
        for p in values:
            p.grad = None
        total = cost(config, parameters, x)
        total.backward()
        costs.append(total.item())
        step()
    costs.append(cost(config, parameters, x).item())
    return costs, parameters


def record(name, config, seed):
    x = examples(12, config["inputs"], seed + 1000)
    runs = []
    for optimizer in OPTIMIZERS:
        costs, final = run(config, optimizer, by_torch, seed, x)
        if optimizer["kind"] == "sgd":
            formula_costs, formula_final = run(config, optimizer, by_formula, seed, x)
            difference = max((final[n] - formula_final[n]).abs().max().item() for n in final)
            assert difference < 1e-13, f"torch.optim.SGD and the formula differ by {difference}"
            costs, final = formula_costs, formula_final
        assert costs[-1] < costs[0]
        runs.append({"optimizer": optimizer, "costs": costs, "finalParameters": as_lists(final)})
        print(f"{costs[0]:.6f} -> {costs[-1]:.6f}  {name}: {optimizer}")
    initial = as_lists(draw(config, seed))
    return {"name": name, "config": config, "x": x.tolist(), "initialParameters": initial, "runs": runs}


if __name__ == "__main__":
    models = [record(*each) for each in MODELS]
    document = {"torch": torch.__version__, "steps": STEPS, "models": models}
    write(pathlib.Path(__file__).with_name("training-runs.json"), document)
