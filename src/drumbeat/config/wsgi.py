"""The web server's entrance."""

import gc
import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "drumbeat.config.settings")
application = get_wsgi_application()

# What is loaded by now stays; the collector needn't walk over it, nor over each page's rows while they are drawn.
gc.collect()
gc.freeze()
gc.set_threshold(20_000, 20, 20)
