"""The numbers: arrays in, arrays out; no names, dates, files or clock. Read it beside the model's mathematics."""
