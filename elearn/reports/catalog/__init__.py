"""Reports, one a file; each module offers REPORT, see `elearn/reports/rules/asking.py`."""
