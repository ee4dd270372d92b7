"""The databases that tests run on are what they claim to be."""

from __future__ import annotations

from sqlalchemy import create_engine, inspect, make_url, text

from workflows.records import Base


def test_a_database_is_real_has_the_tables_and_is_nobody_elses(clean_database_url: str) -> None:
    engine = create_engine(clean_database_url)
    with engine.begin() as connection:
        assert set(inspect(connection).get_table_names()) >= set(Base.metadata.tables)
        connection.execute(text("CREATE TABLE only_here (n INTEGER)"))
        if make_url(clean_database_url).get_backend_name() == "postgresql":
            assert "PostgreSQL" in connection.execute(text("SELECT version()")).scalar_one()
    engine.dispose()
