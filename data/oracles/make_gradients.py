"""Writes gradients.json: cost, terms and gradient of small models of every kind, by PyTorch's autograd in float64."""

import pathlib

import torch

from oracle_model import as_lists, code_rate, cost, draw, examples, forward, names, terms, write

KINK = 1e-3  # ReLU and |a| have no derivative at 0: every case stays this far away, so that finite differences agree


def kl(target, weight):
    return {"kind": "kl", "target": target, "weight": weight}


def l1(weight):
    return {"kind": "l1", "weight": weight}


def case(name, inputs, hidden, activation, output, loss, tied, decay, sparsity, m, seed):
    config = {
        "inputs": inputs,
        "hidden": hidden,
        "activation": activation,
        "output": output,
        "loss": loss,
        "tied": tied,
        "weightDecay": decay,
        "sparsity": sparsity,
    }
    return name, config, m, seed


SQUARED, ENTROPY = "squared-error", "cross-entropy"
CASES = [
    case("sigmoid, KL", 6, [4], "sigmoid", "sigmoid", SQUARED, False, 1e-2, kl(0.1, 3.0), 7, 1),
    case("sigmoid to linear, KL", 6, [4], "sigmoid", "linear", SQUARED, False, 3e-3, kl(0.05, 5.0), 7, 2),
    case("sigmoid tied cross-entropy, KL", 6, [4], "sigmoid", "sigmoid", ENTROPY, True, 1e-2, kl(0.2, 3.0), 7, 3),
    case("tanh to linear, KL", 6, [4], "tanh", "linear", SQUARED, False, 1e-2, kl(0.1, 2.0), 7, 4),
    case("tanh tied, KL", 6, [4], "tanh", "tanh", SQUARED, True, 1e-3, kl(0.3, 1.0), 7, 5),
    case("relu to linear, L1", 6, [5], "relu", "linear", SQUARED, False, 1e-2, l1(0.3), 7, 6),
    case("relu to relu tied, L1", 6, [5], "relu", "relu", SQUARED, True, 0.0, l1(0.1), 7, 7),
    case("softplus cross-entropy, L1", 6, [4], "softplus", "sigmoid", ENTROPY, False, 1e-2, l1(0.2), 7, 8),
    case("softplus to softplus tied", 6, [4], "softplus", "softplus", SQUARED, True, 5e-2, None, 7, 9),
    case("linear", 6, [4], "linear", "linear", SQUARED, False, 0.0, None, 7, 10),
    case("linear tied, L1, overcomplete", 5, [8], "linear", "linear", SQUARED, True, 1e-2, l1(0.4), 7, 11),
    case("linear cross-entropy", 6, [4], "linear", "sigmoid", ENTROPY, False, 1e-2, None, 7, 12),
    case("sigmoid, one example", 6, [4], "sigmoid", "sigmoid", SQUARED, False, 1e-2, kl(0.1, 3.0), 1, 13),
    case("depth 2, cross-entropy, KL", 6, [5, 3], "sigmoid", "sigmoid", ENTROPY, False, 1e-2, kl(0.1, 3), 7, 14),
    case("depth 2, relu tied cross-entropy, L1", 6, [5, 4], "relu", "sigmoid", ENTROPY, True, 1e-2, l1(0.3), 7, 15),
    case("depth 3, tanh to linear, KL", 6, [5, 4, 3], "tanh", "linear", SQUARED, False, 1e-2, kl(0.2, 2.0), 7, 16),
    case("depth 3, sigmoid to linear, tied", 6, [5, 4, 3], "sigmoid", "linear", SQUARED, True, 3e-3, kl(0.1, 3), 7, 17),
    case("depth 3, softplus, L1", 6, [5, 4, 3], "softplus", "sigmoid", SQUARED, False, 1e-3, l1(0.2), 7, 18),
]


def check_conditions(config, parameters, x):
    """The case is worth something: biases act, ρ̂ ≠ ρ, no kink is near, and a ReLU layer has both branches."""
    _, code, seen = forward(config, parameters, x)
    assert all((parameters[name].abs() > KINK).all() for group in names(config)[1::2] for name in group)
    for z, f in seen:
        if f == "relu":
            assert (z.abs() > KINK).all() and (z > 0).any() and (z < 0).any()
    kind = (config["sparsity"] or {}).get("kind")
    if kind == "kl":
        assert ((code_rate(config, code) - config["sparsity"]["target"]).abs() > 0.01).all()
    if kind == "l1" and config["activation"] != "relu":
        assert (code.abs() > KINK).all()


def record(name, config, m, seed):
    low = -0.8 if config["output"] == "tanh" else 0.1
    while True:  # the first seed of this case that satisfies the conditions
        parameters = draw(config, seed)
        x = examples(m, config["inputs"], seed + 1000, low)
        try:
            check_conditions(config, parameters, x)
            break
        except AssertionError:
            seed += 100
    # PyTorch's own comparison of autograd with central differences, before anything is written down.
    torch.autograd.gradcheck(lambda *values: cost(config, dict(zip(parameters, values)), x), tuple(parameters.values()))
    parts = terms(config, parameters, x)
    total = sum(parts.values())
    gradients = torch.autograd.grad(total, list(parameters.values()))
    return {
        "name": name,
        "config": config,
        "parameters": as_lists(parameters),
        "x": x.tolist(),
        "cost": total.item(),
        "terms": {term: value.item() for term, value in parts.items()},
        "gradient": as_lists(dict(zip(parameters, gradients))),
    }


if __name__ == "__main__":
    cases = [record(*each) for each in CASES]
    write(pathlib.Path(__file__).with_name("gradients.json"), {"torch": torch.__version__, "cases": cases})
    for each in cases:
        print(f"{each['cost']:12.6f}  {each['name']}")
