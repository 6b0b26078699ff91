"""What travels in every bundle: the program that checks it, and how to use it."""
