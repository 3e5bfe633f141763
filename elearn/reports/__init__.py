"""Reports: one file each in `catalog`, each with its page, Excel, Word, CSV and entry in the list."""
