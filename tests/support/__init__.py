"""What tests stand on: a real PostgreSQL, a real browser, a running product; no product code is replaced here."""
