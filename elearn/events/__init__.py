"""Sessions and conferences: timetable, venue points, roll call by name, by QR or by head-count."""
