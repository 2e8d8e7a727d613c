"""Visits of the website by those who agreed to it: pages and time spent, nothing that tells a browser from others."""
