"""Lists of records, and the builder of the filters that choose them."""
