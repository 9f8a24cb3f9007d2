"""Times PyTorch training steps on the shapes of this folder's specs: the reference for `make bench`.

usage: python Benchmarks/pytorch.py CONFIG MODE [SECONDS]
       python Benchmarks/pytorch.py CONFIG generate [fp32 | bf16]
CONFIG  gpt-nano gpt-baby gpt2-124m lstm-char lstm-word
MODE    eager | compile | bf16 | compile-bf16
A step is forward, backward, clipping at norm 1, fused AdamW, and reading back the loss. `generate` decodes greedily,
token by token, with transformers' GPT2LMHeadModel and its key-value cache, in the given precision. Prints one line of
JSON.
"""
import json
import resource
import sys
import time

import torch
from torch import nn
from torch.nn import functional as F


class Block(nn.Module):
    def __init__(self, width, heads):
        super().__init__()
        self.heads = heads
        self.norm1, self.norm2 = nn.LayerNorm(width), nn.LayerNorm(width)
        self.qkv, self.projection = nn.Linear(width, 3 * width), nn.Linear(width, width)
        self.up, self.down = nn.Linear(width, 4 * width), nn.Linear(4 * width, width)

    def forward(self, x):
        batch, time_, width = x.shape
        heads = self.qkv(self.norm1(x)).view(batch, time_, 3, self.heads, width // self.heads).permute(2, 0, 3, 1, 4)
        y = F.scaled_dot_product_attention(*heads, is_causal=True)
        x = x + self.projection(y.transpose(1, 2).reshape(batch, time_, width))
        return x + self.down(F.gelu(self.up(self.norm2(x)), approximate="tanh"))


class Transformer(nn.Module):
    def __init__(self, vocabulary, context, layers, heads, width):
        super().__init__()
        self.token, self.position = nn.Embedding(vocabulary, width), nn.Embedding(context, width)
        self.blocks = nn.ModuleList(Block(width, heads) for _ in range(layers))
        self.norm = nn.LayerNorm(width)

    def forward(self, x, targets):
        z = self.token(x) + self.position(torch.arange(x.shape[1]))
        for block in self.blocks:
            z = block(z)
        return F.cross_entropy(F.linear(self.norm(z), self.token.weight).flatten(0, 1), targets.flatten())


class LSTM(nn.Module):
    """Carries its state from batch to batch, detached."""

    def __init__(self, vocabulary, embedding, hidden, layers):
        super().__init__()
        self.token, self.layers = nn.Embedding(vocabulary, embedding), nn.LSTM(embedding, hidden, layers)
        self.head, self.state = nn.Linear(hidden, vocabulary), None

    def forward(self, x, targets):
        state = None if self.state is None else tuple(part.detach() for part in self.state)
        z, self.state = self.layers(self.token(x.t()), state)
        return F.cross_entropy(self.head(z).flatten(0, 1), targets.t().flatten())


SHAPES = {  # vocabulary, batch, context, model
    "gpt-nano": (65, 12, 64, dict(layers=4, heads=4, width=128)),
    "gpt-baby": (65, 8, 256, dict(layers=6, heads=6, width=384)),
    "gpt2-124m": (50257, 4, 64, dict(layers=12, heads=12, width=768)),
    "lstm-char": (65, 64, 64, dict(embedding=128, hidden=512, layers=2)),
    "lstm-word": (10000, 20, 35, dict(embedding=650, hidden=650, layers=2)),
}


def peak():
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def steps(name, mode, seconds):
    torch.manual_seed(0)
    vocabulary, batch, context, shape = SHAPES[name]
    model = LSTM(vocabulary, **shape) if "hidden" in shape else Transformer(vocabulary, context, **shape)
    optimizer = torch.optim.AdamW(model.parameters(), lr=1e-3, weight_decay=0.1, fused=True)
    loss_of = torch.compile(model) if mode.startswith("compile") else model
    data = [torch.randint(0, vocabulary, (batch, context + 1)) for _ in range(8)]

    def step(index):
        ids = data[index % len(data)]
        with torch.autocast("cpu", dtype=torch.bfloat16, enabled=mode.endswith("bf16")):
            loss = loss_of(ids[:, :-1], ids[:, 1:])
        optimizer.zero_grad(set_to_none=True)
        loss.backward()
        nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        optimizer.step()
        return loss.item()

    start = time.perf_counter()
    for index in range(3):
        step(index)
    warm_up, times, end = time.perf_counter() - start, [], time.perf_counter() + seconds
    while time.perf_counter() < end or len(times) < 3:
        start = time.perf_counter()
        step(len(times))
        times.append(time.perf_counter() - start)
    median = sorted(times)[len(times) // 2]
    return {
        "step_ms": median * 1e3, "tokens_per_second": batch * context / median, "warm_up_s": warm_up,
        "peak_rss_mb": peak(), "parameters": sum(p.numel() for p in model.parameters()),
    }


def generate(name, precision):
    from transformers import GPT2Config, GPT2LMHeadModel

    vocabulary, _, context, shape = SHAPES[name]
    model = GPT2LMHeadModel(GPT2Config(
        vocab_size=vocabulary, n_positions=max(context, 256), n_embd=shape["width"], n_layer=shape["layers"],
        n_head=shape["heads"])).eval()
    if precision == "bf16":
        model = model.to(torch.bfloat16)
    ids, past, count = torch.zeros(1, 1, dtype=torch.long), None, min(200, context - 1)
    rates = []
    with torch.no_grad():
        for _ in range(3):
            token, past = ids, None
            for index in range(count):
                if index == 1:
                    start = time.perf_counter()
                output = model(token, past_key_values=past, use_cache=True)
                past, token = output.past_key_values, output.logits[:, -1:].argmax(-1)
            rates.append((count - 1) / (time.perf_counter() - start))
    return {"tokens_per_second": sorted(rates)[1], "peak_rss_mb": peak()}


if __name__ == "__main__":
    name, mode, *rest = sys.argv[1:]
    if mode == "generate" and rest and rest[0] not in ("fp32", "bf16"):
        sys.exit(f"unknown precision '{rest[0]}'; use fp32 or bf16")
    if mode == "generate":
        result = generate(name, rest[0] if rest else "fp32")
    else:
        result = steps(name, mode, float(rest[0]) if rest else 5)
    print(json.dumps({"config": name, "mode": mode, **result}))
