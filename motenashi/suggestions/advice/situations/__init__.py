"""The seven situations that are known beyond the ordinary next contact: a file each."""
