"""The sparse autoencoder's cost in PyTorch, float64: forward pass only, so that every gradient comes from autograd.

It shares no code with the engine. Parameters are a dict of tensors, named and laid out as the engine names them:
a feature is a row in the encoder (h, d) and in the decoder (h, d) alike.
"""

import json
import random

import torch
import torch.nn.functional as F

torch.set_default_dtype(torch.float64)

ACTIVATIONS = {
    "sigmoid": torch.sigmoid,
    "tanh": torch.tanh,
    "relu": torch.relu,
    "softplus": F.softplus,
    "linear": lambda z: z,
}


def names(config):
    """(encoder weights, encoder biases, decoder weights, decoder biases), the layer nearest the input first."""
    depth = len(config["hidden"])
    prefix = lambda i: "." if depth == 1 else f".{i}."
    encoder = [f"encoder{prefix(i)}weight" for i in range(depth)]
    decoder = encoder if config["tied"] else [f"decoder{prefix(i)}weight" for i in range(depth)]
    encoder_bias = [f"encoder{prefix(i)}bias" for i in range(depth)]
    decoder_bias = [f"decoder{prefix(i)}bias" for i in range(depth)]
    return encoder, encoder_bias, decoder, decoder_bias


def draw(config, seed, scale=0.6):
    """Parameters uniform on ±scale, biases included, from Python's own generator, which no version changes."""
    generator = random.Random(seed)
    sizes = [config["inputs"], *config["hidden"]]
    parameters = {}
    for group, is_bias in zip(names(config), (False, True, False, True)):
        for i, name in enumerate(group):
            if name in parameters:
                continue  # tied: the decoder's weight is the encoder's
            below, above = sizes[i], sizes[i + 1]
            length = above if name.startswith("encoder") else below
            shape = (length,) if is_bias else (above, below)
            values = torch.tensor([generator.uniform(-scale, scale) for _ in range(torch.Size(shape).numel())])
            parameters[name] = values.reshape(shape).requires_grad_()
    return parameters


def examples(m, inputs, seed, low=0.1, high=0.9):
    generator = random.Random(seed)
    return torch.tensor([[generator.uniform(low, high) for _ in range(inputs)] for _ in range(m)])


def forward(config, parameters, x):
    """(output logits, code, every pre-activation with the name of its activation)."""
    f = ACTIVATIONS[config["activation"]]
    encoder, encoder_bias, decoder, decoder_bias = names(config)
    seen = []
    a = x
    for weight, bias in zip(encoder, encoder_bias):
        z = a @ parameters[weight].T + parameters[bias]
        seen.append((z, config["activation"]))
        a = f(z)
    code = a
    for i in reversed(range(len(decoder))):
        z = a @ parameters[decoder[i]] + parameters[decoder_bias[i]]
        seen.append((z, config["activation"] if i > 0 else config["output"]))
        a = f(z)
    return z, code, seen


def code_rate(config, code):
    """ρ̂, the batch's mean activation; tanh is mapped to (0, 1) first."""
    return (code.mean(0) + 1) / 2 if config["activation"] == "tanh" else code.mean(0)


def terms(config, parameters, x):
    """The cost's terms, 0-dimensional tensors; their sum is the cost."""
    m = x.shape[0]
    z, code, _ = forward(config, parameters, x)
    if config["loss"] == "cross-entropy":
        reconstruction = F.binary_cross_entropy_with_logits(z, x, reduction="sum") / m
    else:
        reconstruction = 0.5 * ((ACTIVATIONS[config["output"]](z) - x) ** 2).sum() / m
    weights = [p for name, p in parameters.items() if name.endswith("weight")]
    decay = config["weightDecay"] / 2 * sum((w**2).sum() for w in weights)
    sparsity = torch.zeros(())
    kind = (config["sparsity"] or {}).get("kind")
    if kind == "kl":
        rho, rate = config["sparsity"]["target"], code_rate(config, code)
        divergence = rho * torch.log(rho / rate) + (1 - rho) * torch.log((1 - rho) / (1 - rate))
        sparsity = config["sparsity"]["weight"] * divergence.sum()
    elif kind == "l1":
        sparsity = config["sparsity"]["weight"] / m * code.abs().sum()
    return {"reconstruction": reconstruction, "weightDecay": decay, "sparsity": sparsity}


def cost(config, parameters, x):
    return sum(terms(config, parameters, x).values())


def as_lists(parameters):
    return {name: p.detach().tolist() for name, p in parameters.items()}


def write(path, document):
    """JSON, one innermost object member a line; floats by repr: up to 17 significant digits, read back to the bit."""

    def text(value, indent, deep):
        inner = " " * (indent + 1)
        if deep > 0 and isinstance(value, dict):
            rows = [f"{inner}{json.dumps(k)}: {text(v, indent + 1, deep - 1)}" for k, v in value.items()]
            return "{\n" + ",\n".join(rows) + "\n" + " " * indent + "}"
        if deep > 0 and isinstance(value, list):
            rows = [inner + text(v, indent + 1, deep - 1) for v in value]
            return "[\n" + ",\n".join(rows) + "\n" + " " * indent + "]"
        return json.dumps(value, separators=(",", ":"), allow_nan=False, ensure_ascii=False)

    with open(path, "w", encoding="utf-8") as file:
        file.write(text(document, 0, 4) + "\n")
