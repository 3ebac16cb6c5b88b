"""Signing in: django-allauth's views and flows, with what this product asks of them beyond their
settings."""
