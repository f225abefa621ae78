"""What it says: answers as vectors, candidate categories and their terms."""
