"""Encodes the same input with tiktoken and Hugging Face's tokenizers, for LatheDataTests' interop tests.

    interop.py strings VOCAB_FOLDER COUNT SEED OUT     random strings as hex lines (OUT.hex), tiktoken's ids (OUT.ids)
    interop.py encode TOKENIZER_JSON TEXT OUT          a text's ids (OUT.ids), and the file as saved again (OUT.json)
    interop.py train TEXT SIZE MINIMUM OUT             tokenizers trains a byte-level BPE and saves it
    interop.py documents TEXT SIZE MINIMUM OUT         the same, with each line of the text as a document

Nothing is downloaded: tiktoken gets vocab.bpe and encoder.json from VOCAB_FOLDER.
"""

import random
import re
import sys
import unicodedata

SPACES = [9, 10, 11, 12, 13, 32, 0x85, 0xA0, 0x1680, *range(0x2000, 0x200B), 0x2028, 0x2029, 0x202F, 0x205F, 0x3000]
NO_SPACES = [0x1C, 0x1D, 0x1E, 0x1F, 0x180E, 0x200B, 0x200C, 0x200D, 0x2060, 0xFEFF]
CONTRACTIONS = "'s 't 're 've 'm 'll 'd 'S 'T 'RE 'Ve 'M 'LL 'D 'l 'r 'v ’s '' '".split()
WORDS = "the of and COVID-19 don't I'll U.S. 3.14 1,000 hello naïve Straße ﬁ Ⅷ ٣ 中文 привет <|endoftext|> == //".split()


def random_string(assigned, marks):
    text = ""
    for _ in range(random.randrange(14)):
        kind = random.random()
        if kind < 0.2:
            text += chr(random.choice(assigned))
        elif kind < 0.3:
            text += chr(random.choice(marks))
        elif kind < 0.5:
            text += chr(random.choice(SPACES)) * random.choice([1, 1, 1, 2, 3])
        elif kind < 0.55:
            text += chr(random.choice(NO_SPACES))
        elif kind < 0.7:
            text += random.choice(CONTRACTIONS)
        elif kind < 0.85:
            text += random.choice(WORDS)
        else:
            text += chr(random.randrange(32, 127)) * random.choice([1, 1, 2, 5])
    return text


def strings(folder, count, seed, out):
    import tiktoken
    from tiktoken.load import data_gym_to_mergeable_bpe_ranks

    ranks = data_gym_to_mergeable_bpe_ranks(folder + "/vocab.bpe", folder + "/encoder.json")
    pattern = r"""'(?:[sdmt]|ll|ve|re)| ?\p{L}++| ?\p{N}++| ?[^\s\p{L}\p{N}]++|\s++$|\s+(?!\S)|\s"""
    encoding = tiktoken.Encoding(
        "gpt2", pat_str=pattern, mergeable_ranks=ranks, special_tokens={"<|endoftext|>": 50256})
    # Python's Unicode version is older than either library's, so both know every character that it has assigned.
    assigned = [c for c in range(0x110000) if unicodedata.category(chr(c)) not in ("Cn", "Cs")]
    marks = [c for c in assigned if unicodedata.category(chr(c))[0] == "M"]
    random.seed(int(seed))
    with open(out + ".hex", "w") as texts, open(out + ".ids", "w") as ids:
        for _ in range(int(count)):
            text = random_string(assigned, marks)
            texts.write(text.encode().hex() + "\n")
            ids.write(" ".join(map(str, encoding.encode_ordinary(text))) + "\n")


def read(path):
    with open(path, encoding="utf-8", newline="") as file:
        return file.read()


def encode(tokenizer, text, out):
    from tokenizers import Tokenizer

    loaded = Tokenizer.from_file(tokenizer)
    content = read(text)
    ids = loaded.encode(content).ids
    assert loaded.decode(ids, skip_special_tokens=False) == content
    with open(out + ".ids", "w") as file:
        file.write(" ".join(map(str, ids)))
    loaded.save(out + ".json")


def documents(text, size, minimum, out):
    fit([line for line in read(text).split("\n") if line.strip(" \t\r")], size, minimum, out)


def train(text, size, minimum, out):
    content = read(text)
    # In parts, to use all cores; cut only between pieces.
    parts, start = [], 0
    while start < len(content):
        found = re.compile(r"\s(?=\S)").search(content, start + 65536)
        end = found.start() if found else len(content)
        parts.append(content[start:end])
        start = end
    fit(parts, size, minimum, out)


def fit(parts, size, minimum, out):
    import time

    from tokenizers import Tokenizer, models, pre_tokenizers, trainers

    tokenizer = Tokenizer(models.BPE())
    tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    trainer = trainers.BpeTrainer(
        vocab_size=int(size),
        min_frequency=int(minimum),
        special_tokens=["<|endoftext|>"],
        initial_alphabet=pre_tokenizers.ByteLevel.alphabet(),
        show_progress=False,
    )
    begin = time.perf_counter()
    tokenizer.train_from_iterator(parts, trainer, length=len(parts))
    print(f"{time.perf_counter() - begin:.3f} s")
    tokenizer.save(out)


if __name__ == "__main__":
    {"strings": strings, "encode": encode, "train": train, "documents": documents}[sys.argv[1]](*sys.argv[2:])
