"""A second reading of docs/model-files.md: scores a run's validation tokens with NumPy alone.

    twin.py RUN TOKENS

RUN is a run's folder, TOKENS the validation split as `lathe prepare --format nanogpt` writes it (val.bin: uint16).
Prints the mean nats per token of the best checkpoint, to be compared with `lathe evaluate --json`.
"""

import json
import struct
import sys

import numpy as np


def read_safetensors(path):
    data = open(path, "rb").read()
    (length,) = struct.unpack("<Q", data[:8])
    header = json.loads(data[8 : 8 + length])
    body = data[8 + length :]
    return {
        name: np.frombuffer(body[slice(*entry["data_offsets"])], "<f4").reshape(entry["shape"]).astype(np.float64)
        for name, entry in header.items()
        if name != "__metadata__"
    }


def linear(w, name, x):
    y = x @ w[name + ".weight"].T
    return y + w[name + ".bias"] if name + ".bias" in w else y


def norm(w, name, x):
    centred = x - x.mean(-1, keepdims=True)
    y = centred / np.sqrt((centred**2).mean(-1, keepdims=True) + 1e-5) * w[name + ".weight"]
    return y + w[name + ".bias"] if name + ".bias" in w else y


def transformer(w, layers, heads, ids):
    """Logits [T, V] of ids [T], read from position 0."""
    time = len(ids)
    x = w["token_embedding.weight"][ids] + w["position_embedding.weight"][:time]
    future = np.triu(np.full((time, time), -np.inf), 1)
    for layer in range(layers):
        name = f"layers.{layer}.attention"
        q, k, v = np.split(linear(w, name + ".qkv", norm(w, name + ".norm", x)), 3, axis=-1)
        size = x.shape[1] // heads
        read = np.empty_like(x)
        for head in range(heads):
            part = slice(head * size, (head + 1) * size)
            scores = q[:, part] @ k[:, part].T / np.sqrt(size) + future
            weights = np.exp(scores - scores.max(-1, keepdims=True))
            read[:, part] = weights / weights.sum(-1, keepdims=True) @ v[:, part]
        x = x + linear(w, name + ".out", read)
        name = f"layers.{layer}.mlp"
        up = linear(w, name + ".up", norm(w, name + ".norm", x))
        gelu = up / 2 * (1 + np.tanh(np.sqrt(2 / np.pi) * (up + 0.044715 * up**3)))
        x = x + linear(w, name + ".down", gelu)
    head = w.get("head.weight", w["token_embedding.weight"])
    return norm(w, "norm", x) @ head.T


def sigmoid(x):
    return 1 / (1 + np.exp(-x))


def lstm(w, layers, ids, state):
    """Logits [T, V] of ids [T]; the state, (h, c) of each layer, is changed."""
    x = w["token_embedding.weight"][ids]
    for layer in range(layers):
        name = f"layers.{layer}"
        h, c = state[layer]
        outputs = []
        for row in x:
            gates = w[name + ".input.weight"] @ row + w[name + ".hidden.weight"] @ h + w[name + ".bias"]
            i, f, g, o = np.split(gates, 4)
            c = sigmoid(f) * c + sigmoid(i) * np.tanh(g)
            h = sigmoid(o) * np.tanh(c)
            outputs.append(h)
        state[layer] = (h, c)
        x = np.array(outputs)
    return x @ w.get("head.weight", w["token_embedding.weight"]).T + w["head.bias"]


def main(run, tokens):
    spec = json.load(open(run + "/run.json"))["configuration"]
    w = read_safetensors(run + "/checkpoints/best/model.safetensors")
    ids = np.fromfile(tokens, "<u2").astype(int)
    context, layers = int(spec["training.context"]), int(spec["model.layers"])
    windows = -(-(len(ids) - 1) // context)
    carries = spec["model.type"] == "lstm" and spec["model.state"] == "carry"
    lanes = min(int(spec["training.batch_size"]), max(1, windows // 16 if carries else windows))
    nats = 0.0
    for lane in range(lanes):
        zero = np.zeros(int(spec.get("model.hidden_size", 0)))
        state = [(zero, zero)] * layers
        for window in range(windows * lane // lanes, windows * (lane + 1) // lanes):
            inputs = ids[window * context : (window + 1) * context]
            targets = ids[window * context + 1 : (window + 1) * context + 1]
            inputs = inputs[: len(targets)]
            if spec["model.type"] == "lstm":
                if not carries:
                    state = [(zero, zero)] * layers
                logits = lstm(w, layers, inputs, state)
            else:
                logits = transformer(w, layers, int(spec["model.heads"]), inputs)
            top = logits.max(-1, keepdims=True)
            total = np.log(np.exp(logits - top).sum(-1)) + top[:, 0]
            nats += (total - logits[np.arange(len(targets)), targets]).sum()
    print(nats / (len(ids) - 1))


main(*sys.argv[1:])
