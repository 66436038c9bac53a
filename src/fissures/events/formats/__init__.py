"""One module for each native format: which columns it has, and how they become the event table's."""
