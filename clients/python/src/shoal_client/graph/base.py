"""What generated methods call: the hand-written transport."""

from shoal_client.transport import Transport


class Base(Transport):
    """`make client-python` copies this file into the generated package."""
