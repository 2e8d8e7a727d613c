"""config.yaml, section `advice`: when contact is due while nothing is learned, and how far ahead advice looks."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated


@dataclass(frozen=True)
class AdviceSettings:
    """Rules of thumb that hold until the company's own history says better, and limits that always hold."""

    usual_gap_days: Annotated[float, "Days between contacts with a deal while nothing has been learned."] = 7.0
    within_hours: Annotated[float, "An ordinary contact should be made within so many business hours."] = 24.0
    event_notice_hours: Annotated[float, "Appointments are proposed at least so many business hours ahead."] = 8.0
    days_ahead: Annotated[int, "Appointments and best times are looked for this many days ahead."] = 14
    event_minutes: Annotated[int, "How long an appointment takes when the customer did not say."] = 60
    thin_evidence: Annotated[int, "Below this many earlier contacts the advice says that little is known."] = 20
    most_alternatives: Annotated[int, "At most this many other ways to act are shown."] = 3
    confirm_hours: Annotated[
        float, "An appointment nobody has talked about lately is confirmed so many hours ahead."
    ] = 48.0
    overdue_days: Annotated[int, "A planned call or event that passed undone is reminded of for so many days."] = 14
    renewal_days: Annotated[int, "Talk about renewing begins so many days before the term ends."] = 60
    trial_days: Annotated[int, "More trial time is offered so many days before the trial ends."] = 7
    trial_extension_days: Annotated[int, "By how many days a trial is extended."] = 14
    upgrade_usage: Annotated[float, "From this share of what was bought on (0.9: 90 %) more of it is offered."] = 0.9
    low_usage: Annotated[float, "Below this share a renewal is talked about on the phone."] = 0.4
    silence_days: Annotated[int, "A customer without an open deal hears from us again after so many days."] = 90
    lead_gap_days: Annotated[float, "Days between contacts with a lead."] = 4.0
    lead_first_hours: Annotated[float, "A new lead hears from us within so many business hours."] = 4.0
    most_lead_attempts: Annotated[int, "After so many contacts without an answer a lead is left in peace."] = 6
    lead_pause_days: Annotated[int, "For how long."] = 30
    closed_lead_statuses: Annotated[tuple[str, ...], "Lead statuses in which nothing is suggested."] = (
        "Junk",
        "Junk Lead",
        "Lost Lead",
        "Not Qualified",
        "Converted",
    )
    term_end_fields: Annotated[tuple[str, ...], "The CRM's own fields that hold when a subscription ends."] = (
        "Subscription_End",
        "Term_End",
        "Contract_End",
        "Renewal_Date",
    )
    trial_end_fields: Annotated[tuple[str, ...], "The CRM's own fields that hold when a trial ends."] = (
        "Trial_End",
        "Trial_Ends",
    )
    usage_fields: Annotated[tuple[str, ...], "The CRM's own fields that hold the share in use, in percent."] = (
        "Usage",
        "Usage_Percent",
    )
