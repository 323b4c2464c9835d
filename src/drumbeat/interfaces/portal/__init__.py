"""Pages for people of partners, reached by signed links."""
