"""The application object that servers and the `flask` command find."""

from elearn.app import create_app

app = create_app()
