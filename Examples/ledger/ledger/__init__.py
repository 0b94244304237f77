"""A household's money in one text file."""
