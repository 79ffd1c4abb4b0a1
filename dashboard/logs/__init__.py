"""Lines of logs: the installation's own and those that others send."""
