"""Written work that is asked of people and of units: draft, deadline, hand-in, return, acceptance, exemption."""
