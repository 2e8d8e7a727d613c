"""`/today`: what a representative had best do next, the most worthwhile first."""
