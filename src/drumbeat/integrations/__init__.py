"""The only sockets: mail servers and, later, calendars and CRMs. Each client has its shipped fake beside it."""
