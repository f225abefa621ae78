"""Set-up and upkeep of a checkout; none of it travels in the wheel."""
