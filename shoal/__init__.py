"""The command: starts the other processes, and the services that they meet in."""
