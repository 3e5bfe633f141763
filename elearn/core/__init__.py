"""Flask and SQLAlchemy set up once; knows no feature."""
