"""The whole history of sales as columns, to be learned from in one pass: from the store or from files."""
