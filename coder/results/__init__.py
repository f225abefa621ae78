"""What it adds up to: frequencies, comparisons, the score, and codes joined to them."""
