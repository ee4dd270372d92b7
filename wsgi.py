"""The web application for a WSGI server: ``gunicorn wsgi:app``."""

import gc

from app import create_app

app = create_app()
# What was loaded up to here lives as long as the process. The collector need not look through it again and again, and
# the memory that web processes share after a fork stays shared.
gc.collect()
gc.freeze()
