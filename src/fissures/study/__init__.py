"""Questions asked of a model: answers, claims, course, comparisons."""
