#!/usr/bin/env python3
"""Makes the reference files in References/: PyTorch's results, which Lathe should reproduce.

    python3 -m venv /tmp/torch && /tmp/torch/bin/pip install torch==2.13.0+cpu numpy safetensors \\
        --extra-index-url https://download.pytorch.org/whl/cpu
    /tmp/torch/bin/python Tests/LatheTrainingTests/Twins/make_reference.py

The committed files were made by PyTorch 2.13.0+cpu. Initial weights are fp32 numbers; PyTorch then computes in fp64, so
that its own rounding does not matter.

Each file holds `initial.<parameter>`, `gradient.<parameter>` (of the first batch, before clipping), `tokens`
[steps, B, T + 1], `losses`, `learning_rates` and `gradient_norms` [steps], under Lathe's parameter names.
"""

import math
import pathlib

import numpy
import torch
import torch.nn.functional as F
from safetensors.numpy import save_file
from torch import nn

STEPS = 50
FINAL_FRACTION, WARMUP_STEPS = 0.1, 7
BETAS, WEIGHT_DECAY, MAXIMUM_NORM = (0.9, 0.99), 0.1, 1.0


class Block(nn.Module):
    def __init__(self, width, heads, biases):
        super().__init__()
        self.heads = heads
        self.attention_norm = nn.LayerNorm(width, bias=biases)
        self.qkv = nn.Linear(width, 3 * width, bias=biases)
        self.out = nn.Linear(width, width, bias=biases)
        self.mlp_norm = nn.LayerNorm(width, bias=biases)
        self.up = nn.Linear(width, 4 * width, bias=biases)
        self.down = nn.Linear(4 * width, width, bias=biases)

    def forward(self, x):
        b, t, c = x.shape
        q, k, v = (
            part.view(b, t, self.heads, c // self.heads).transpose(1, 2)
            for part in self.qkv(self.attention_norm(x)).split(c, dim=2)
        )
        attended = F.scaled_dot_product_attention(q, k, v, is_causal=True)
        x = x + self.out(attended.transpose(1, 2).reshape(b, t, c))
        return x + self.down(F.gelu(self.up(self.mlp_norm(x)), approximate="tanh"))


class Transformer(nn.Module):
    def __init__(self, vocabulary, context, layers, heads, width, biases, tied):
        super().__init__()
        self.tokens = nn.Embedding(vocabulary, width)
        self.positions = nn.Embedding(context, width)
        self.blocks = nn.ModuleList(Block(width, heads, biases) for _ in range(layers))
        self.norm = nn.LayerNorm(width, bias=biases)
        self.head = nn.Linear(width, vocabulary, bias=False)
        if tied:
            self.head.weight = self.tokens.weight

    def forward(self, ids, state):
        x = self.tokens(ids) + self.positions.weight[: ids.shape[1]]
        for block in self.blocks:
            x = block(x)
        return self.head(self.norm(x)), None

    def lathe_names(self):
        names = {"tokens": "token_embedding", "positions": "position_embedding", "norm": "norm", "head": "head"}
        for i in range(len(self.blocks)):
            for own, lathe in {
                "attention_norm": "attention.norm", "qkv": "attention.qkv", "out": "attention.out",
                "mlp_norm": "mlp.norm", "up": "mlp.up", "down": "mlp.down",
            }.items():
                names[f"blocks.{i}.{own}"] = f"layers.{i}.{lathe}"
        return {
            own: f"{names[own.rsplit('.', 1)[0]]}.{own.rsplit('.', 1)[1]}" for own, _ in self.named_parameters()
        }


class LSTM(nn.Module):
    def __init__(self, vocabulary, embedding, hidden, layers, tied):
        super().__init__()
        self.tokens = nn.Embedding(vocabulary, embedding)
        self.lstm = nn.LSTM(embedding, hidden, layers, batch_first=True)
        self.head = nn.Linear(hidden, vocabulary)
        if tied:
            self.head.weight = self.tokens.weight
        for i in range(layers):  # PyTorch adds two biases; Lathe has one
            second = getattr(self.lstm, f"bias_hh_l{i}")
            second.requires_grad_(False)
            second.zero_()

    def forward(self, ids, state):
        x, state = self.lstm(self.tokens(ids), state)
        return self.head(x), state

    def lathe_names(self):
        names = {"tokens.weight": "token_embedding.weight", "head.weight": "head.weight", "head.bias": "head.bias"}
        for i in range(self.lstm.num_layers):
            names[f"lstm.weight_ih_l{i}"] = f"layers.{i}.input.weight"
            names[f"lstm.weight_hh_l{i}"] = f"layers.{i}.hidden.weight"
            names[f"lstm.bias_ih_l{i}"] = f"layers.{i}.bias"
        return {own: names[own] for own, p in self.named_parameters() if p.requires_grad}


def fill(model, scale, generator):
    """Initial weights large enough that every path has a gradient worth comparing; exactly fp32."""
    for name, parameter in model.named_parameters():
        if not parameter.requires_grad:
            continue
        noise = torch.randn(parameter.shape, generator=generator, dtype=torch.float64)
        if parameter.dim() == 2:
            value = noise * (scale / math.sqrt(parameter.shape[1]))
        elif name.endswith("norm.weight"):
            value = 1 + 0.1 * noise
        else:
            value = 0.1 * noise
        parameter.copy_(value.float().double())


def text(vocabulary, count, generator):
    """Random ids, some of which depend on the previous one, so that there is something to learn."""
    ids = torch.randint(vocabulary, (count,), generator=generator)
    repeats = torch.rand(count, generator=generator) < 0.7
    for i in range(1, count):
        if repeats[i]:
            ids[i] = (5 * ids[i - 1] + 3) % vocabulary
    return ids


def batches(vocabulary, rows, context, carries, generator):
    """[steps, B, T + 1]; with carried state, each row continues where the previous batch ended."""
    if carries:
        streams = text(vocabulary, rows * (STEPS * context + 1), generator).view(rows, -1)
        return torch.stack([streams[:, s * context : (s + 1) * context + 1] for s in range(STEPS)])
    return text(vocabulary, STEPS * rows * (context + 1), generator).view(STEPS, rows, context + 1)


def multiplier(step):
    if step < WARMUP_STEPS:
        return (step + 1) / (WARMUP_STEPS + 1)
    progress = (step - WARMUP_STEPS) / (STEPS - WARMUP_STEPS)
    return FINAL_FRACTION + (1 - FINAL_FRACTION) * 0.5 * (1 + math.cos(math.pi * progress))


def make(name, model, rate, scale, vocabulary, rows, context, carries=False):
    generator = torch.Generator().manual_seed(sum(map(ord, name)))
    names = model.lathe_names()
    parameters = {lathe: dict(model.named_parameters())[own] for own, lathe in names.items()}
    with torch.no_grad():
        fill(model, scale, generator)
    tokens = batches(vocabulary, rows, context, carries, generator)
    tensors = {f"initial.{n}": p.detach().float().numpy().copy() for n, p in parameters.items()}
    optimizer = torch.optim.AdamW(
        [
            {"params": [p for p in parameters.values() if p.dim() == 2], "weight_decay": WEIGHT_DECAY},
            {"params": [p for p in parameters.values() if p.dim() == 1], "weight_decay": 0.0},
        ],
        lr=rate, betas=BETAS, eps=1e-8,
    )
    schedule = torch.optim.lr_scheduler.LambdaLR(optimizer, multiplier)
    losses, rates, norms, state = [], [], [], None
    for step in range(STEPS):
        inputs, targets = tokens[step, :, :-1], tokens[step, :, 1:]
        logits, after = model(inputs, state)
        if carries:
            state = tuple(s.detach() for s in after)
        loss = F.cross_entropy(logits.reshape(-1, vocabulary), targets.reshape(-1))
        optimizer.zero_grad()
        loss.backward()
        if step == 0:
            tensors |= {f"gradient.{n}": p.grad.float().numpy().copy() for n, p in parameters.items()}
        norm = nn.utils.clip_grad_norm_(list(parameters.values()), MAXIMUM_NORM)
        losses.append(loss.item())
        norms.append(norm.item())
        rates.append(optimizer.param_groups[0]["lr"])
        optimizer.step()
        schedule.step()
    tensors["tokens"] = tokens.numpy().astype(numpy.float32)
    for key, values in {"losses": losses, "learning_rates": rates, "gradient_norms": norms}.items():
        tensors[key] = numpy.array(values, dtype=numpy.float32)
    path = pathlib.Path(__file__).parent / "References" / f"{name}.safetensors"
    path.parent.mkdir(exist_ok=True)
    save_file(tensors, path, metadata={"torch": torch.__version__, "steps": str(STEPS)})
    print(
        f"{path.name}: {path.stat().st_size} bytes, loss {losses[0]:.4f} to {losses[-1]:.4f}, "
        f"gradient norm {norms[0]:.3f}, clipped in {sum(n > MAXIMUM_NORM for n in norms)} steps"
    )


def main():
    torch.set_default_dtype(torch.float64)
    torch.set_num_threads(1)
    torch.manual_seed(0)
    make(
        "transformer-tied-biases", Transformer(37, 13, 2, 3, 21, biases=True, tied=True),
        rate=3e-3, scale=0.5, vocabulary=37, rows=5, context=13,
    )
    make(
        "transformer-untied-plain", Transformer(65, 67, 3, 2, 22, biases=False, tied=False),
        rate=3e-3, scale=0.5, vocabulary=65, rows=3, context=67,
    )
    with torch.no_grad():
        untied, tied = LSTM(37, 19, 23, 2, tied=False), LSTM(61, 21, 21, 2, tied=True)
        carried = LSTM(29, 17, 25, 2, tied=False)
    make("lstm-untied", untied, rate=2e-2, scale=4.0, vocabulary=37, rows=5, context=17)
    make("lstm-tied", tied, rate=2e-2, scale=4.0, vocabulary=61, rows=7, context=9)
    make("lstm-carried", carried, rate=1e-2, scale=3.0, vocabulary=29, rows=3, context=11, carries=True)


if __name__ == "__main__":
    main()
