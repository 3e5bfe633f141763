"""Documents that lessons and questions cite, with their validity."""
