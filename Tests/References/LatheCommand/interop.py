"""Reads specs and checkpoints with other tools, for LatheCommandTests' interop tests.

    interop.py schema SCHEMA SPEC ...     validates specs, read by PyYAML, with jsonschema; exits with 1 on errors
    interop.py safetensors FILE ...       reads each file with safetensors, prints its tensors, and rewrites it in place
"""

import json
import sys


def schema(path, *specs):
    import jsonschema
    import yaml

    document = json.load(open(path))
    jsonschema.Draft7Validator.check_schema(document)
    validator = jsonschema.Draft7Validator(document)
    wrong = False
    for spec in specs:
        for error in validator.iter_errors(yaml.safe_load(open(spec))):
            wrong = True
            print(f"{spec}: {'/'.join(map(str, error.absolute_path))}: {error.message}")
    sys.exit(1 if wrong else 0)


def safetensors(*paths):
    from safetensors import safe_open
    from safetensors.numpy import load_file, save_file

    for path in paths:
        with safe_open(path, "numpy") as file:
            metadata = file.metadata()
        assert metadata == {"format": "pt"}, metadata
        tensors = load_file(path)
        for name, tensor in tensors.items():
            print(name, tensor.dtype, tensor.shape)
        save_file(tensors, path, metadata)


{"schema": schema, "safetensors": safetensors}[sys.argv[1]](*sys.argv[2:])
