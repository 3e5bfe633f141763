"""An invented organisation to try everything on."""
