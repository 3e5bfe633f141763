"""What reports say and how they are counted. Reports are written in Vietnamese, whatever the language of the pages."""
