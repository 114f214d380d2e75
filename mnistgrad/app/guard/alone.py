"""The server asks no other host what its own address is.

Streamlit would: to print it, where it listens everywhere, and whenever a page of another site wants to connect, while all readers
wait. What is not known then is not printed, and that page is refused.
"""

from streamlit import net_util

ASKED = "get_external_ip"


def ask_nobody() -> None:
    """From now on in this process."""
    setattr(net_util, ASKED, lambda: None)
