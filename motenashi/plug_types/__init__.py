"""The types a plug may take and give: reading inputs, writing outputs, and their names in other people's schemas."""
