"""What the dashboard shows, as plain data made of the stored results. No network runs here."""
