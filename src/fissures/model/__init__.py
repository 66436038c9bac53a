"""Names meet indices: plan, prior, fit, simulate, levers."""
