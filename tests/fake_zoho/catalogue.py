"""The modules and fields of the fake's organisation, as an administrator of Zoho would have them after signing up.

Tests rename, hide and add as an administrator would; records follow. `key` is the name that Zoho ships, `name` the API
name it has now.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

LENGTHS = {"text": 255, "textarea": 32_000, "email": 100, "phone": 30, "website": 450}
SYSTEM = (
    "Owner:ownerlookup Created_Time:datetime:ro Modified_Time:datetime:ro Created_By:ownerlookup:ro "
    "Modified_By:ownerlookup:ro Tag:jsonarray:ro"
)

INDUSTRIES = (
    "Agriculture", "Apparel", "Banking", "Biotechnology", "Communications", "Construction", "Consulting", "Education",
    "Electronics", "Energy", "Engineering", "Entertainment", "Environmental", "Finance", "Food & Beverage",
    "Government", "Healthcare", "Hospitality", "Insurance", "Logistics", "Machinery", "Manufacturing", "Media",
    "Not For Profit", "Real Estate", "Recreation", "Retail", "Shipping", "Technology", "Telecommunications",
    "Transportation", "Utilities", "Other",
)  # fmt: skip
SOURCES = (
    "Advertisement", "Cold Call", "Employee Referral", "External Referral", "Online Store", "Partner",
    "Public Relations", "Sales Email Alias", "Seminar Partner", "Internal Seminar", "Trade Show", "Web Download",
    "Web Research", "Chat", "Web Form", "Referral", "E-mail",
)  # fmt: skip
LEAD_STATUS = (
    "Attempted to Contact", "Contact in Future", "Contacted", "Junk Lead", "Lost Lead", "Not Contacted",
    "Pre-Qualified", "Not Qualified",
)  # fmt: skip
STAGES = (  # name, probability, forecast type
    ("Qualification", 10, "Open"),
    ("Needs Analysis", 20, "Open"),
    ("Value Proposition", 40, "Open"),
    ("Identify Decision Makers", 60, "Open"),
    ("Proposal/Price Quote", 75, "Open"),
    ("Negotiation/Review", 90, "Open"),
    ("Closed Won", 100, "Closed Won"),
    ("Closed Lost", 0, "Closed Lost"),
    ("Closed-Lost to Competition", 0, "Closed Lost"),
)
VALUES = {
    "Industry": INDUSTRIES,
    "Lead_Source": SOURCES,
    "Lead_Status": LEAD_STATUS,
    "Stage": tuple(name for name, _, _ in STAGES),
    "Type": ("Existing Business", "New Business"),
    "Product_Category": ("Hardware", "Software", "CRM Applications"),
    "Call_Type": ("Inbound", "Outbound", "Missed"),
    "Call_Purpose": ("Prospecting", "Administrative", "Negotiation", "Demo", "Project", "Desk"),
    "Call_Result": (
        "Interested",
        "Not interested",
        "No response/Busy",
        "Requested more info",
        "Requested call back",
        "Invalid number",
    ),
    "Outgoing_Call_Status": ("Scheduled", "Completed", "Cancelled"),
    "Status": ("Not Started", "Deferred", "In Progress", "Completed", "Waiting for input"),
    "Priority": ("High", "Highest", "Low", "Lowest", "Normal"),
    "Pipeline": ("Standard (Standard)",),
    "Currency": ("JPY", "USD", "EUR"),
    "Moved_To__s": tuple(name for name, _, _ in STAGES),
}

LINKING = "Deals_X_Products"  # the module behind the products of deals, with editions that have it
KEPT_BY_ZOHO = (LINKING, "DealHistory")  # nobody writes these

# name:type[:options]; `!` is mandatory, `ro` is written by Zoho alone, `>Module` is what a look-up points at.
SHIPPED = {
    "Leads": "Last_Name:text:!:80 First_Name:text:40 Full_Name:text:ro Company:text:!:200 Email:email "
    "Secondary_Email:email Phone:phone Mobile:phone Designation:text:100 Lead_Status:picklist Lead_Source:picklist "
    "Industry:picklist Website:website No_of_Employees:integer Annual_Revenue:currency Street:text City:text "
    "State:text Zip_Code:text:30 Country:text Description:textarea Email_Opt_Out:boolean Converted__s:boolean:ro "
    "Converted_Date_Time:datetime:ro Converted_Contact:lookup:>Contacts:ro Converted_Account:lookup:>Accounts:ro "
    "Converted_Deal:lookup:>Deals:ro Last_Activity_Time:datetime:ro",
    "Contacts": "Last_Name:text:!:80 First_Name:text:40 Full_Name:text:ro Email:email Secondary_Email:email "
    "Phone:phone Mobile:phone Home_Phone:phone Other_Phone:phone Title:text:100 Department:text "
    "Account_Name:lookup:>Accounts Reporting_To:lookup:>Contacts Lead_Source:picklist Date_of_Birth:date "
    "Mailing_Street:text Mailing_City:text Mailing_State:text Mailing_Zip:text:30 Mailing_Country:text "
    "Email_Opt_Out:boolean Description:textarea Last_Activity_Time:datetime:ro",
    "Accounts": "Account_Name:text:!:200 Account_Number:text:40 Account_Type:text Industry:picklist Ownership:text "
    "Rating:text Annual_Revenue:currency Employees:integer Website:website Phone:phone "
    "Parent_Account:lookup:>Accounts Description:textarea Last_Activity_Time:datetime:ro",
    "Deals": "Deal_Name:text:!:120 Stage:picklist:! Closing_Date:date:! Pipeline:picklist Amount:currency "
    "Probability:integer Expected_Revenue:currency:ro Type:picklist Lead_Source:picklist "
    "Contact_Name:lookup:>Contacts Account_Name:lookup:>Accounts Next_Step:text:100 Currency:picklist "
    "Exchange_Rate:double Description:textarea Stage_Modified_Time:datetime:ro Last_Activity_Time:datetime:ro",
    "Products": "Product_Name:text:!:200 Product_Code:text:40 Product_Category:picklist Product_Active:boolean "
    "Unit_Price:currency Qty_in_Stock:double Manufacturer:text Usage_Unit:text Description:textarea",
    "Quotes": "Subject:text:! Quote_Stage:text Valid_Till:date Deal_Name:lookup:>Deals Contact_Name:lookup:>Contacts "
    "Account_Name:lookup:>Accounts Grand_Total:currency:ro",
    "Calls": "Subject:text:! Call_Type:picklist:! Call_Start_Time:datetime:! Call_Duration:text "
    "Call_Duration_in_seconds:integer:ro Call_Purpose:picklist Call_Agenda:text Call_Result:picklist "
    "Outgoing_Call_Status:picklist Who_Id:lookup:>Contacts What_Id:lookup:>* Description:textarea",
    "Events": "Event_Title:text:! Start_DateTime:datetime:! End_DateTime:datetime:! All_day:boolean Venue:text "
    "Participants:jsonarray Who_Id:lookup:>Contacts What_Id:lookup:>* Description:textarea Remind_At:datetime",
    "Tasks": "Subject:text:! Due_Date:date Status:picklist Priority:picklist Who_Id:lookup:>Contacts "
    "What_Id:lookup:>* Closed_Time:datetime:ro Description:textarea Remind_At:datetime",
    "Notes": "Note_Title:text:120 Note_Content:textarea:!:65535 Parent_Id:lookup:>*:!",
    LINKING: "Deal_Name:lookup:>Deals:ro Product_Name:lookup:>Products:ro",
    "DealHistory": "Potential_Name:lookup:>Deals:ro Stage:picklist:ro Moved_To__s:picklist:ro Amount:currency:ro "
    "Probability:integer:ro Expected_Revenue:currency:ro Closing_Date:date:ro",
}  # fmt: skip
LABELS = {"Events": "Meetings", "DealHistory": "Stage History"}
NAME_FIELD = {
    "Leads": "Full_Name", "Contacts": "Full_Name", "Accounts": "Account_Name", "Deals": "Deal_Name",
    "Products": "Product_Name", "Quotes": "Subject", "Calls": "Subject", "Events": "Event_Title", "Tasks": "Subject",
    "Notes": "Note_Title", "DealHistory": "Stage",
}  # fmt: skip
CHECKED_FOR_DUPLICATES = {
    "Leads": "Email", "Contacts": "Email", "Accounts": "Account_Name", "Deals": "Deal_Name",
    "Products": "Product_Name", "Quotes": "Subject",
}  # fmt: skip
ACTIVITIES = ("Calls", "Events", "Tasks")


@dataclass
class Field:
    key: str
    name: str
    data_type: str
    label: str = ""
    length: int | None = None
    mandatory: bool = False
    read_only: bool = False
    unique: bool = False
    target: str = ""  # of look-ups: a module's key, or * for any
    values: list[str] = field(default_factory=list)
    in_layout: bool = True
    custom: bool = False


@dataclass
class Module:
    key: str
    name: str
    label: str
    fields: dict[str, Field]  # by API name

    def field_of(self, key: str) -> str:
        """API name that a shipped field has now; '' when it is hidden."""
        return next((one.name for one in self.fields.values() if one.key == key), "")

    def name_of(self, record: dict[str, object]) -> str:
        return str(record.get(self.field_of(NAME_FIELD.get(self.key, "Name"))) or "")


class Catalogue:
    def __init__(self) -> None:
        self.modules = {key: _module(key, text) for key, text in SHIPPED.items()}  # by key
        self.stages = list(STAGES)

    def __iter__(self) -> Iterator[Module]:
        return iter(self.modules.values())

    def find(self, name: str) -> Module | None:
        """By API name."""
        return next((module for module in self if module.name == name), None)

    def of(self, name: str) -> Module:
        """By API name or the name shipped; KeyError."""
        return self.find(name) or self.modules[name]


def _module(key: str, text: str) -> Module:
    fields = [_field(key, one) for one in f"{text} {SYSTEM}".split()]
    return Module(key, key, LABELS.get(key, key), {one.name: one for one in fields})


def _field(module: str, text: str) -> Field:
    name, data_type, *options = text.split(":")
    made = Field(name, name, data_type, name.replace("__s", "").replace("_", " "), LENGTHS.get(data_type))
    for option in options:
        if option == "!":
            made.mandatory = True
        elif option == "ro":
            made.read_only = True
        elif option.startswith(">"):
            made.target = option[1:]
        else:
            made.length = int(option)
    made.values = list(VALUES.get(name, ())) if data_type == "picklist" else []
    return made


def add_field(
    module: Module,
    name: str,
    data_type: str = "text",
    *,
    unique: bool = False,
    mandatory: bool = False,
    values: Sequence[str] = (),
    length: int | None = None,
    in_layout: bool = True,
) -> Field:
    """A field of the organisation's own."""
    module.fields[name] = Field(
        name,
        name,
        data_type,
        name.replace("_", " "),
        length or LENGTHS.get(data_type),
        mandatory,
        unique=unique,
        values=list(values),
        in_layout=in_layout,
        custom=True,
    )
    return module.fields[name]
