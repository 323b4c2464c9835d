"""How the parts are plugged together; the only floor that reads the environment."""
