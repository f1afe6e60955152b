"""What the scripts that write a data base of PyTorch's have in common: their arguments, and the files of a full run."""

import argparse
import json
import pathlib
import re

import torch

from bundle import Bundle


def write_full(folder, entries, names):
    """A bundle for each of `entries`, pairs of a name and a function that describes the entry in a bundle."""
    folder.mkdir(parents=True, exist_ok=True)
    index = []
    for name, describe in entries:
        if names and name not in names:
            continue
        bundle = Bundle()
        bundle.ops.append(describe(bundle))
        file = re.sub(r"[^\w.-]", "_", name)
        bundle.write(folder / file, level=1)
        index.append(file)
        print(f"{name}: {len(bundle.ops[0]['samples'])} samples", flush=True)
    if not names:
        (folder / "index.json").write_text(json.dumps({"torch": torch.__version__, "files": index}))


def parse_arguments():
    parser = argparse.ArgumentParser()
    parser.add_argument("--full", type=pathlib.Path, metavar="FOLDER")
    parser.add_argument("--only", nargs="*", default=[])
    return parser.parse_args()
