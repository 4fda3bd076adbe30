"""What other libraries make of exported dictionaries: their documented forward passes, in float64, over files that are on disk.

python3 read-exports.py FOLDER: each subfolder holds rows.npy and one format's files; codes.npy and outputs.npy are added.
NumPy for SAELens and npz; PyTorch for ae.pt, whose torch.load is part of what is tested. No code of rhohat.
"""

import json
import pathlib
import sys

import numpy as np


def safetensors(path):
    """[u64 length][JSON header][little-endian data]"""
    raw = path.read_bytes()
    length = int.from_bytes(raw[:8], "little")
    header = json.loads(raw[8 : 8 + length])
    header.pop("__metadata__", None)
    kinds = {"F32": "<f4", "F64": "<f8"}
    return {
        name: np.frombuffer(raw[8 + length + entry["data_offsets"][0] : 8 + length + entry["data_offsets"][1]], kinds[entry["dtype"]]).reshape(entry["shape"]).astype(float)
        for name, entry in header.items()
    }


def relu(z):
    return np.maximum(z, 0)


def top_k(z, k):
    """The k largest, then relu."""
    kept = np.argsort(-z, axis=1, kind="stable")[:, :k]
    a = np.zeros_like(z)
    np.put_along_axis(a, kept, np.take_along_axis(relu(z), kept, 1), 1)
    return a


def gated(u, gate, magnitude, r):
    return (u + gate > 0) * relu(np.exp(r) * u + magnitude)


def saelens(folder, x):
    cfg = json.loads((folder / "cfg.json").read_text())
    assert int(cfg["metadata"]["sae_lens_version"].split(".")[0]) >= 6
    w = safetensors(folder / "sae_weights.safetensors")
    kind = cfg["architecture"]
    assert w["W_enc"].shape == (cfg["d_in"], cfg["d_sae"])
    assert w["W_dec"].shape == (cfg["d_sae"], cfg.get("d_out", cfg["d_in"]))
    mean, std = 0, 1
    if cfg["normalize_activations"] == "layer_norm":
        mean, std = x.mean(1, keepdims=True), x.std(1, ddof=1, keepdims=True)
        u = (x - mean) / (std + 1e-5)
    elif cfg["normalize_activations"] == "constant_norm_rescale":
        std = np.linalg.norm(x, axis=1, keepdims=True) / np.sqrt(cfg["d_in"])
        u = x / std
    else:
        assert cfg["normalize_activations"] == "none"
        u = x
    if "transcoder" in kind:
        assert not cfg["apply_b_dec_to_input"]  # it raises
    if cfg["apply_b_dec_to_input"]:
        u = u - w["b_dec"]
    z = u @ w["W_enc"]
    if kind == "gated":
        a = gated(z, w["b_gate"], w["b_mag"], w["r_mag"])
    else:
        z = z + w["b_enc"]
        if kind == "topk":
            assert not cfg["rescale_acts_by_decoder_norm"]
            a = top_k(z, cfg["k"])
        elif kind.startswith("jumprelu"):
            a = relu(z) * (z > w["threshold"])
        else:
            assert kind in ("standard", "transcoder", "skip_transcoder"), kind
            a = relu(z)
    out = a @ w["W_dec"] + w["b_dec"]
    if "transcoder" in kind:
        return a, out + (x @ w["W_skip"].T if "skip" in kind else 0)
    return a, out * std + mean


def npz(folder, x):
    config = json.loads((folder / "config.json").read_text())
    w = {name: array.astype(float) for name, array in np.load(folder / "params.npz", allow_pickle=False).items()}
    z = x @ w["W_enc"]
    if config["architecture"] == "gated":
        a = gated(z, w["b_gate"], w["b_mag"], w["r_mag"])
    elif config["architecture"] == "topk":
        a = top_k(z + w["b_enc"], config["k"])
    else:
        z = z + w["b_enc"]
        a = relu(z) * (z > w["threshold"])
    return a, a @ w["W_dec"] + w["b_dec"]


LINEAR = {"encoder.weight", "encoder.bias", "decoder.weight"}
PLAIN = {"W_enc", "b_enc", "W_dec", "b_dec"}
KEYS = {
    "AutoEncoder": LINEAR | {"bias"},
    "AutoEncoderTopK": LINEAR | {"b_dec", "k", "threshold"},
    "BatchTopKSAE": LINEAR | {"b_dec", "k", "threshold"},
    "MatryoshkaBatchTopKSAE": PLAIN | {"k", "threshold", "group_sizes"},
    "JumpReluAutoEncoder": PLAIN | {"threshold"},
    "GatedAutoEncoder": {"decoder_bias", "encoder.weight", "r_mag", "gate_bias", "mag_bias", "decoder.weight"},
}


def dictionary_learning(folder, x):
    import torch

    trainer = json.loads((folder / "config.json").read_text())["trainer"]
    state = torch.load(folder / "ae.pt", weights_only=True)
    w = {name: tensor.double().numpy() for name, tensor in state.items()}
    assert set(state) == KEYS[trainer["dict_class"]]  # load_state_dict is strict
    assert all(tensor.is_contiguous() for tensor in state.values())
    kind = trainer["dict_class"]
    if kind == "AutoEncoder":
        linear = relu((x - w["bias"]) @ w["encoder.weight"].T + w["encoder.bias"])
        return linear, linear @ w["decoder.weight"].T + w["bias"]
    if kind == "GatedAutoEncoder":
        # Some versions multiply by the decoder's norms, and divide by them again: these are 1.
        norms = np.linalg.norm(w["decoder.weight"], axis=0)
        u = (x - w["decoder_bias"]) @ w["encoder.weight"].T
        a = gated(u, w["gate_bias"], w["mag_bias"], w["r_mag"]) * norms
        return a, a / norms @ w["decoder.weight"].T + w["decoder_bias"]
    if kind == "JumpReluAutoEncoder":
        norms = np.linalg.norm(w["W_dec"], axis=1)
        z = x @ w["W_enc"] + w["b_enc"]
        a = relu(z * (z > w["threshold"])) * norms
        return a, a / norms @ w["W_dec"] + w["b_dec"]
    assert state["k"].dtype == torch.int32 and state["k"].item() == trainer["k"] and state["threshold"].shape == ()
    if kind == "MatryoshkaBatchTopKSAE":
        assert state["group_sizes"].dtype == torch.int64 and state["group_sizes"].sum() == trainer["dict_size"]
        encoder, decoder, bias = w["W_enc"], w["W_dec"], w["b_enc"]
    else:
        encoder, decoder, bias = w["encoder.weight"].T, w["decoder.weight"].T, w["encoder.bias"]
    z = relu((x - w["b_dec"]) @ encoder + bias)
    if kind == "AutoEncoderTopK":
        a = top_k(z, trainer["k"])
    else:
        assert kind in ("BatchTopKSAE", "MatryoshkaBatchTopKSAE")
        a = z * (z > w["threshold"])
    return a, a @ decoder + w["b_dec"]


READERS = {"cfg.json": saelens, "params.npz": npz, "ae.pt": dictionary_learning}

for folder in sorted(pathlib.Path(sys.argv[1]).iterdir()):
    [read] = [reader for name, reader in READERS.items() if (folder / name).exists()]
    codes, outputs = read(folder, np.load(folder / "rows.npy").astype(float))
    np.save(folder / "codes.npy", codes)
    np.save(folder / "outputs.npy", outputs)
