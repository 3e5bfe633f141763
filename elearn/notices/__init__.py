"""Messages to people: in the application, by e-mail, and as text to paste; never more often than is decent."""
