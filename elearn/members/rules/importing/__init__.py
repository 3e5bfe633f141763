"""Lists of people as officers have them: recognising columns, reading rows."""
