"""`manage.py serve`: every process of the product, on a laptop or one small server."""
