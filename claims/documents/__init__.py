"""What leaves the house: files for institutions."""
