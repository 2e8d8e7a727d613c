"""In what tone is a text written, towards us: glad, cross, or neither; courtesy aside."""
