"""What an analyst hands over beside the page: a data folder, a PDF, a Word file, one page.

A study and what the case says of itself go in (`brief.context.Context`), files come out. The same run gives the same
bytes: the only dates in a file are the case's own.
"""
