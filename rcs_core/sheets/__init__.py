"""The one place that reads (calamine) and writes (openpyxl) spreadsheets."""
