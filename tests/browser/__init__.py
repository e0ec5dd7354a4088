"""The product in a real Chromium, served by gunicorn as in production. Rules and rows are tested elsewhere."""
