"""The demo shop at `/`: Minamo IT Supply, a storefront to try the chat in."""
