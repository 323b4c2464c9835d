"""Reports that people of the vendor put together and saved: what they ask, whose they are, who may read them."""
