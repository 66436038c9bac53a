"""How fast, and in how much memory: each benchmark beside others doing the same work, in one run on one machine."""
