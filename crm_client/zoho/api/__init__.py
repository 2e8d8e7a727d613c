"""Calls of Zoho's REST API: tokens, limits, retries, and each call's answer in our shapes. Knows no record of ours."""
