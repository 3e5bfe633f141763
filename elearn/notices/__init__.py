"""Messages to people: in the application, by e-mail, as text to paste; not oftener than told."""
