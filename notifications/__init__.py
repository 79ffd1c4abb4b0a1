"""A person's inbox, and the ways in which its entries reach them."""
