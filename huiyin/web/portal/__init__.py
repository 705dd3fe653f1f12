"""Pages for residents: phone first, no account, one thing per screen, everything without scripts too."""
