"""What trainers ask of other products in vain, each case with its number in the list of peers."""
