"""The embedded CRM: everything CrmClient promises, answered from the SQL database by parts that each know one idea."""

from __future__ import annotations

from crm_client.embedded.activities import Activities
from crm_client.embedded.histories import Histories
from crm_client.embedded.many_records import ManyRecords
from crm_client.embedded.notes import Notes
from crm_client.embedded.products import Products
from crm_client.embedded.updates import Updates


class EmbeddedCrm(Updates, Products, Activities, Histories, Notes, ManyRecords):
    """A CrmClient. Beyond it: save_owner, set_stages, set_products_of_deal, delete_deal, recount."""
