"""Every plug a flow may call, in the order the designer sees them."""

from __future__ import annotations

from plugs.exploring_products import exploring_products
from plugs.identify_visitor import identify_visitor
from plugs.past_orders import past_orders
from plugs.popular_products import popular_products

ALL_PLUGS = (identify_visitor, past_orders, exploring_products, popular_products)
