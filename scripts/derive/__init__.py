"""How the South Caucasus case's small series are derived; run by `derive_south_caucasus.py` beside this folder."""
