"""Block types; listed in journeys/blocks/__init__.py."""
