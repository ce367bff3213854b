"""Asks what was exported, by the SQL of the queries: sqlglot translates that of Amazon Athena, which is Trino's, into that of DuckDB.

A line of JSON on the standard input: the folder with the objects, the tables (name -> columns: name, type of AWS Glue), the SQL and its parameters.
"""

import json
import sys
from datetime import date, datetime
from decimal import Decimal

import duckdb
import sqlglot
from sqlglot import exp


def main() -> None:
    asked = json.load(sys.stdin)
    connection = duckdb.connect()
    for table, columns in asked["tables"].items():
        types = {name: exp.DataType.build(kind, dialect="hive").sql("duckdb") for name, kind in columns}
        # As the JSON SerDe reads it: by the declared columns alone. The partition is in the name of the folder, and nowhere else.
        declared = ", ".join(f"'{name}': '{kind}'" for name, kind in types.items())
        pattern = f"{asked['folder']}/{table}/day=*/*/*/*.jsonl"
        connection.execute(
            f"CREATE VIEW {table} AS SELECT * EXCLUDE (filename), regexp_extract(filename, '/day=([^/]+)/', 1) AS day "
            f"FROM read_json('{pattern}', format = 'newline_delimited', columns = {{{declared}}}, filename = true, hive_partitioning = false)")
    (translated,) = sqlglot.transpile(asked["sql"], read="athena", write="duckdb", unsupported_level=sqlglot.ErrorLevel.IGNORE)
    answer = connection.execute(translated, asked["parameters"])
    names = [column[0] for column in answer.description or []]
    if asked.get("then"):
        answer = connection.execute(asked["then"])
        names = [column[0] for column in answer.description or []]
    print(json.dumps([dict(zip(names, map(plain, row))) for row in answer.fetchall()]))


def plain(value: object) -> object:
    if isinstance(value, (date, datetime)):
        return value.isoformat()
    return float(value) if isinstance(value, Decimal) else value


main()
