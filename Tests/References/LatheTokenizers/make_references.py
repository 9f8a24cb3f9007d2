"""Makes documents.json and added_tokens.json with Hugging Face's tokenizers, for LatheDataTests.

    make_references.py            made with tokenizers 0.23.3
"""

import json
import os
import random

from tokenizers import AddedToken, Tokenizer, __version__, models, pre_tokenizers, trainers

HERE = os.path.dirname(os.path.abspath(__file__))


def merges(documents, size):
    tokenizer = Tokenizer(models.BPE())
    tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    trainer = trainers.BpeTrainer(
        vocab_size=size, min_frequency=2, special_tokens=["<|endoftext|>"],
        initial_alphabet=pre_tokenizers.ByteLevel.alphabet(), show_progress=False)
    tokenizer.train_from_iterator(documents, trainer, length=len(documents))
    return [" ".join(pair) for pair in json.loads(tokenizer.to_str())["model"]["merges"]]


def documents():
    random.seed(7)
    syllables = "ma ri an ne lo u is el la jo na than é ço ' -".split()
    words = ["".join(random.choices(syllables, k=random.randint(1, 4))) for _ in range(2000)]
    letters = "ab \n c.' 1é"
    lengths = ["".join(random.choices(letters, k=length)) for length in range(1, 301)]
    random.shuffle(lengths)
    return [{"documents": d, "size": 400, "merges": merges(d, 400)} for d in (words, lengths)]


def added_tokens():
    tokenizer = Tokenizer(models.BPE())
    tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    trainer = trainers.BpeTrainer(
        vocab_size=300, special_tokens=["<|endoftext|>"], initial_alphabet=pre_tokenizers.ByteLevel.alphabet(),
        show_progress=False)
    tokenizer.train_from_iterator(["the cat and the dog and the bird"] * 3, trainer)
    tokenizer.add_tokens([
        AddedToken("<tool>", special=False, normalized=False), AddedToken("cat", special=False, normalized=True),
        AddedToken("<|end", special=False, normalized=False), AddedToken("xx", special=False, normalized=True),
        AddedToken("y x", special=False, normalized=False)])
    tokenizer.add_special_tokens([AddedToken("<|user|>", special=True, normalized=False)])
    texts = [
        "the cat<tool>and <|user|>the cats", "<|endoftext|>cat <|end<|endoftext|>", "y xx xxx y  x", "<tool><tool> <",
        "concat the <|user|>", "", "bird", " cat  <tool>  cat "]
    cases = []
    for text in texts:
        ids = []
        for plain in (False, True):
            tokenizer.encode_special_tokens = plain
            ids.append(tokenizer.encode(text).ids)
        cases.append({"text": text, "recognized": ids[0], "plain": ids[1]})
    tokenizer.encode_special_tokens = False
    return {"tokenizer": json.loads(tokenizer.to_str()), "cases": cases}


def write(name, value):
    with open(os.path.join(HERE, name), "w", encoding="utf-8") as file:
        json.dump({"made_with": "tokenizers " + __version__, "value": value}, file, ensure_ascii=False,
                  separators=(",", ":"))
        file.write("\n")


write("documents.json", documents())
write("added_tokens.json", added_tokens())
