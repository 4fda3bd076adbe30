"""Writes gradients-2.json: contraction, k-sparse units, L1 on weights, denoising, softmax classifiers; by autograd.

Nothing is in closed form: the contraction term forms every example's Jacobian with torch.autograd.functional.jacobian,
k-sparse units are torch.topk, the classifier's cost is torch's cross_entropy.
"""

import pathlib
import random

import torch
import torch.nn.functional as F

from oracle_model import ACTIVATIONS, as_lists, draw, examples, names, write

KINK = 1e-3  # |w| under L1, and the gap between the last survivor and the first loser, are at least this
M = 6


def keep_largest(a, k):
    """a with all but the k largest of each row 0."""
    values, indices = torch.topk(a, k, dim=1)
    return torch.zeros_like(a).scatter(1, indices, values)


def hidden_layers(config, parameters, x, weights, biases):
    """Activations of every hidden layer, x first, and the gaps at which a k-sparse layer selects."""
    sparsity = config.get("sparsity") or {}
    layers, gaps, a = [x], [], x
    for i, (weight, bias) in enumerate(zip(weights, biases)):
        a = ACTIVATIONS[config["activation"]](a @ parameters[weight].T + parameters[bias])
        if sparsity.get("kind") == "k-sparse" and sparsity["layer"] == i:
            ranked = a.detach().sort(dim=1, descending=True).values
            gaps.append(ranked[:, sparsity["k"] - 1] - ranked[:, sparsity["k"]])
            a = keep_largest(a, sparsity["k"])
        layers.append(a)
    return layers, gaps


def contraction(config, parameters, layers, encoder, encoder_bias):
    """κ/m Σₖ ‖∂a/∂(the layer's input)‖²_F, each Jacobian formed by autograd."""
    i, kappa = config["contraction"]["layer"], config["contraction"]["weight"]
    f = ACTIVATIONS[config["activation"]]
    layer = lambda row: f(parameters[encoder[i]] @ row + parameters[encoder_bias[i]])
    squares = sum((torch.autograd.functional.jacobian(layer, row, create_graph=True) ** 2).sum() for row in layers[i])
    return kappa / len(layers[i]) * squares


def autoencoder(config, parameters, data):
    """The terms of the cost, and gaps."""
    x, seen = data["x"], data.get("corrupted", data["x"])
    emphasis = data.get("emphasis", torch.ones_like(x))
    encoder, encoder_bias, decoder, decoder_bias = names(config)
    layers, gaps = hidden_layers(config, parameters, seen, encoder, encoder_bias)
    a = layers[-1]
    for i in reversed(range(len(decoder))):
        z = a @ parameters[decoder[i]] + parameters[decoder_bias[i]]
        a = ACTIVATIONS[config["activation"] if i > 0 else config["output"]](z)
    if config["loss"] == "cross-entropy":
        reconstruction = F.binary_cross_entropy_with_logits(z, x, weight=emphasis, reduction="sum") / len(x)
    else:
        reconstruction = 0.5 * (emphasis * (a - x) ** 2).sum() / len(x)
    weights = [p for name, p in parameters.items() if name.endswith("weight")]
    terms = {
        "reconstruction": reconstruction,
        "weightDecay": config["weightDecay"] / 2 * sum((w**2).sum() for w in weights),
        "weightL1": config["weightL1"] * sum(w.abs().sum() for w in weights),
        "sparsity": torch.zeros(()),
        "contraction": torch.zeros(()),
    }
    sparsity = config["sparsity"] or {}
    if sparsity.get("kind") == "kl":
        rho, rate = sparsity["target"], layers[sparsity["layer"] + 1].mean(0)
        if config["activation"] == "tanh":
            rate = (rate + 1) / 2
        divergence = rho * torch.log(rho / rate) + (1 - rho) * torch.log((1 - rho) / (1 - rate))
        terms["sparsity"] = sparsity["weight"] * divergence.sum()
    if config["contraction"]["weight"] > 0:
        terms["contraction"] = contraction(config, parameters, layers, encoder, encoder_bias)
    if config["weightL1"] > 0:
        gaps += [w.detach().abs() for w in weights]
    return terms, gaps


def classifier(config, parameters, data):
    encoder = [f"encoder.{i}" for i in range(len(config["hidden"]))]
    weights, biases = [f"{name}.weight" for name in encoder], [f"{name}.bias" for name in encoder]
    layers, gaps = hidden_layers(config, parameters, data["x"], weights, biases)
    logits = layers[-1] @ parameters["softmax.weight"].T + parameters["softmax.bias"]
    decay = config["weightDecay"] / 2 * (parameters["softmax.weight"] ** 2).sum()
    decay = decay + config["hiddenWeightDecay"] / 2 * sum((parameters[w] ** 2).sum() for w in weights)
    return {"classification": F.cross_entropy(logits, data["labels"]), "weightDecay": decay}, gaps


def draw_classifier(config, seed, scale=0.6):
    generator = random.Random(seed)
    sizes = [config["inputs"], *config["hidden"]]
    shapes = {}
    for i, (below, above) in enumerate(zip(sizes, sizes[1:])):
        shapes |= {f"encoder.{i}.weight": (above, below), f"encoder.{i}.bias": (above,)}
    shapes |= {"softmax.weight": (config["classes"], sizes[-1]), "softmax.bias": (config["classes"],)}
    return {
        name: torch.tensor([generator.uniform(-scale, scale) for _ in range(torch.Size(shape).numel())])
        .reshape(shape)
        .requires_grad_()
        for name, shape in shapes.items()
    }


def base(**extra):
    return {
        "inputs": 5,
        "hidden": [4],
        "activation": "sigmoid",
        "output": "sigmoid",
        "loss": "squared-error",
        "tied": False,
        "weightDecay": 0.0,
        "weightL1": 0.0,
        "sparsity": None,
        "contraction": {"weight": 0.0, "layer": 0},
        "corruption": None,
        "emphasis": None,
    } | extra


def kappa(weight, layer=0):
    return {"contraction": {"weight": weight, "layer": layer}}


def k_sparse(k, layer=0):
    return {"sparsity": {"kind": "k-sparse", "k": k, "annealOver": 0, "layer": layer}}


LINEAR = {"activation": "linear", "output": "linear"}
ENTROPY = {"loss": "cross-entropy"}
MASKING = {"corruption": {"kind": "masking", "fraction": 0.4}}
EMPHASIS = {"emphasis": {"corrupted": 1, "untouched": 0.25}}
KL = {"sparsity": {"kind": "kl", "target": 0.1, "weight": 2.0, "layer": 0}}
AUTOENCODERS = [
    ("contraction, sigmoid tied cross-entropy", base(**kappa(0.3), **ENTROPY, tied=True)),
    ("contraction, tanh to linear", base(**kappa(0.3), activation="tanh", output="linear")),
    ("contraction, softplus", base(**kappa(0.2), activation="softplus")),
    ("contraction, linear tied", base(**kappa(0.2), **LINEAR, tied=True)),
    ("contraction, weight decay and KL", base(**kappa(0.5), **KL, weightDecay=1e-2)),
    ("contraction on the first of two", base(**kappa(0.4), hidden=[4, 3], activation="tanh")),
    ("contraction on the second of two", base(**kappa(0.4, 1), hidden=[4, 3], tied=True)),
    ("k-sparse, linear tied", base(**k_sparse(2), **LINEAR, hidden=[6], tied=True)),
    ("k-sparse, linear, weight decay", base(**k_sparse(3), **LINEAR, hidden=[6], weightDecay=1e-2)),
    ("k-sparse, sigmoid cross-entropy", base(**k_sparse(2), **ENTROPY, hidden=[6])),
    ("k-sparse on the first of two, tanh", base(**k_sparse(2), hidden=[5, 3], activation="tanh", tied=True)),
    ("k-sparse on the second of two, softplus", base(**k_sparse(1, 1), hidden=[4, 3], activation="softplus")),
    ("L1 on weights", base(weightL1=0.05)),
    ("L1 and L2 on tied weights of two layers", base(weightL1=0.05, weightDecay=0.02, hidden=[4, 3], tied=True)),
    ("denoising", base(**MASKING)),
    ("denoising cross-entropy, emphasis, tied", base(**MASKING, **EMPHASIS, **ENTROPY, tied=True)),
    ("denoising, emphasis, contraction, KL", base(**MASKING, **EMPHASIS, **KL, **kappa(0.3), weightDecay=1e-2)),
]


def top(**extra):
    shared = {"inputs": 5, "hidden": [4], "classes": 3, "activation": "sigmoid"}
    return shared | {"weightDecay": 0.0, "hiddenWeightDecay": 0.0, "sparsity": None} | extra


CLASSIFIERS = [
    ("softmax regression, weight decay", top(hidden=[], weightDecay=0.1)),
    ("classifier on one layer", top(weightDecay=0.1)),
    ("classifier on one layer, hidden weight decay", top(activation="tanh", weightDecay=0.1, hiddenWeightDecay=0.05)),
    ("classifier on two layers", top(hidden=[4, 3], activation="softplus", hiddenWeightDecay=0.05)),
    ("classifier on a k-sparse layer", top(**LINEAR, **k_sparse(2), hidden=[6], weightDecay=0.1)),
]


def observe(config, seed):
    """Examples, and what goes with them."""
    data = {"x": examples(M, config["inputs"], seed + 1000)}
    if config.get("corruption"):
        generator = random.Random(seed + 2000)
        hit = torch.tensor([[generator.random() < 0.4 for _ in range(config["inputs"])] for _ in range(M)])
        data["corrupted"] = torch.where(hit, torch.zeros(()), data["x"])
        if config["emphasis"]:
            weights = config["emphasis"]
            data["emphasis"] = torch.where(hit, torch.tensor(float(weights["corrupted"])), torch.tensor(weights["untouched"]))
    if "classes" in config:
        data["labels"] = torch.tensor([(2 * i + 1) % config["classes"] for i in range(M)])
    return data


def record(name, config, model, make, seed):
    while True:  # the first seed of this case away from kinks and ties
        parameters, data = make(config, seed), observe(config, seed)
        terms, gaps = model(config, parameters, data)
        if all((gap > KINK).all() for gap in gaps):
            break
        seed += 100
    # PyTorch's own comparison of autograd with central differences, before anything is written down.
    cost = lambda *values: sum(model(config, dict(zip(parameters, values)), data)[0].values())
    torch.autograd.gradcheck(cost, tuple(parameters.values()))
    total = sum(terms.values())
    gradients = torch.autograd.grad(total, list(parameters.values()))
    return {
        "name": name,
        "config": config,
        "parameters": as_lists(parameters),
        **as_lists(data),
        "cost": total.item(),
        "terms": {term: value.item() for term, value in terms.items()},
        "gradient": as_lists(dict(zip(parameters, gradients))),
    }


def run(config, seed, steps=10):
    """Full-batch steps of torch.optim.SGD with momentum on k-sparse units: the survivors change on the way."""
    parameters, data = draw(config, seed), {"x": examples(2 * M, config["inputs"], seed + 1000)}
    initial, costs, selections = as_lists(parameters), [], set()
    optimizer = torch.optim.SGD(list(parameters.values()), lr=0.1, momentum=0.9)
    for step in range(steps + 1):
        optimizer.zero_grad()
        terms, gaps = autoencoder(config, parameters, data)
        assert all((gap > KINK).all() for gap in gaps), "a tie is near: another seed"
        layers, _ = hidden_layers(config, parameters, data["x"], *names(config)[:2])
        selections.add(str((layers[1] != 0).tolist()))
        total = sum(terms.values())
        costs.append(total.item())
        if step < steps:
            total.backward()
            optimizer.step()
    assert len(selections) > 3 and costs[-1] < costs[0]
    return {
        "config": config,
        "x": data["x"].tolist(),
        "optimizer": {"kind": "sgd", "learningRate": 0.1, "momentum": 0.9},
        "initialParameters": initial,
        "costs": costs,
        "finalParameters": as_lists(parameters),
    }


def first_run(config):
    for seed in range(1, 1000):
        try:
            return run(config, seed)
        except AssertionError:
            continue
    raise RuntimeError("no seed stays away from ties")


if __name__ == "__main__":
    autoencoders = [record(*each, autoencoder, draw, 31 + i) for i, each in enumerate(AUTOENCODERS)]
    classifiers = [record(*each, classifier, draw_classifier, 61 + i) for i, each in enumerate(CLASSIFIERS)]
    document = {
        "torch": torch.__version__,
        "autoencoders": autoencoders,
        "classifiers": classifiers,
        "runs": [first_run(base(**k_sparse(2), **LINEAR, hidden=[6], tied=True))],
    }
    write(pathlib.Path(__file__).with_name("gradients-2.json"), document)
    for each in autoencoders + classifiers:
        print(f"{each['cost']:12.6f}  {each['name']}")
