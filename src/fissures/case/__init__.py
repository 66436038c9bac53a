"""The case file: records, strict reading, small grammar, checks."""
