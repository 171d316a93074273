#!/usr/bin/env python3
# Writes src/testing/torchWrote.ts: what PyTorch itself makes of a few small tensors, so that the reader is held to more than our
# own writer. Run with any PyTorch; the numbers are synthetic. `python3 tools/record/torchWeights.py > src/testing/torchWrote.ts`
import base64
import collections
import io

import torch

values = torch.arange(24, dtype=torch.float32).reshape(2, 3, 2, 2)
norm = torch.nn.BatchNorm2d(2)
state = norm.state_dict()  # an OrderedDict with `_metadata` and `num_batches_tracked`
state["f16"] = torch.tensor([0.5, -2.0], dtype=torch.float16)
state["bf16"] = torch.tensor([0.5, -2.0], dtype=torch.bfloat16)
state["f64"] = torch.tensor([0.25], dtype=torch.float64)
state["channels_last"] = values.contiguous(memory_format=torch.channels_last)
state["part"] = values[1, 1:]
state["parameter"] = torch.nn.Parameter(torch.tensor([3.0]))
state["flag"] = torch.tensor([True, False])
checkpoint = {
    "epoch": 3,
    "lr": 2.5e-4,
    "note": "text",
    "dtype": torch.float32,
    "size": torch.Size([2, 3]),
    "seen": {1, 2},
    "raw": b"\x00\xff",
    "state_dict": collections.OrderedDict(("module." + name, tensor) for name, tensor in state.items()),
}


def written(**options):
    file = io.BytesIO()
    torch.save(checkpoint, file, **options)
    return base64.b64encode(file.getvalue()).decode()


print("// Files that PyTorch wrote, as base64: made by tools/record/torchWeights.py.")
print("export const TORCH_WROTE = {")
print(f"  zip:\n    '{written()}',")
print(f"  plain:\n    '{written(_use_new_zipfile_serialization=False)}',")
print("} as const;")
