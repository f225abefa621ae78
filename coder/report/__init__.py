"""What goes out: figures and files made from the results."""
