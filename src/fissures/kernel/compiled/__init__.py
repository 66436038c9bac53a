"""The compiled kernel: what `kernel/paths.py` does, the same bits, several times as fast. Needs numba (`[fast]`).

`packing` turns a world into the flat arrays of `packed`; `stepping` steps a few paths side by side through all days,
with a file for each part of a day. Read the oracle in `kernel/` first: this follows it line by line.
"""
