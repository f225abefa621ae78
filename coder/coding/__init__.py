"""What we decided: the decision log and the codebook and codings that follow from it."""
