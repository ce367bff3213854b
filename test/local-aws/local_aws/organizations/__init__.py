"""What the local AWS adds to AWS Organizations."""
