"""The doors: pages, clock and command line. Each translates in, makes one call, translates out."""
