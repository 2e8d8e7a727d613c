"""What can go wrong with a call to somebody else's service."""

from __future__ import annotations


class WebCallFailed(Exception):
    """`reason`, and what each asks the operator to look at:

    bad_request      the URL, a header or the method is not one that can be sent: the flow
    not_allowed      scheme, host or port is not on the allow-list: the settings, or the flow
    private_address  the host's address lies inside a network that must not be called from here
    unknown_host     the name has no address
    unreachable      no connection, or it broke off
    tls              the server could not prove who it is
    timeout          not done in time
    too_large        the answer is longer than allowed
    redirect         the service answers from elsewhere: write that address into the flow
    no_secret        the secret is not configured, or its environment variable is empty

    `what` names the host at most: no path, query, header or answer, since those may hold secrets and personal data.
    """

    def __init__(self, reason: str, what: str) -> None:
        super().__init__(f"{reason}: {what}")
        self.reason = reason
        self.what = what
