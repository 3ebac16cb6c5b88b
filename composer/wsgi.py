import gc
import os

from django.core.wsgi import get_wsgi_application

from composer.checks import refuse_what_loses_or_doubles

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "composer.settings")
refuse_what_loses_or_doubles()
application = get_wsgi_application()

# A document is thousands of small dicts without a cycle: looking through them again and again is
# half of a slow save.
gc.freeze()
gc.set_threshold(50_000, 20, 100)
