"""Events from the world: from files of evidence to what a case needs, with coverage and honest intervals."""
