"""The measure: a Flask route that does one read and one write, durable like ours, and nothing else.

It runs on the same database with the same engine settings and under the same gunicorn as the conversation server.
What a turn costs more than this is what our own thinking costs.
"""

from __future__ import annotations

import os

from flask import Flask, Response, jsonify, request
from sqlalchemy import Column, Integer, MetaData, String, Table, Text, bindparam, insert, select

from motenashi.storage.open_database import open_database

metadata = MetaData()
notes = Table(
    "bench_note",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("conversation_id", String(100), index=True, nullable=False),
    Column("text", Text, nullable=False),
)


def create_app() -> Flask:
    database = open_database(os.environ["DATABASE_URL"])
    its_notes = select(notes.c.text).where(notes.c.conversation_id == bindparam("conversation_id"))
    last_note = its_notes.order_by(notes.c.id.desc()).limit(1)
    app = Flask(__name__)

    @app.post("/bare")
    def receive() -> Response:
        body = request.get_json()
        conversation_id = body["visitor"]["active_conversation_id"]
        with database.read() as connection:
            before = connection.execute(last_note, {"conversation_id": conversation_id}).scalar()
        text = body.get("message", {}).get("text", "")
        with database.write() as connection:
            connection.execute(insert(notes), {"conversation_id": conversation_id, "text": text})
        return jsonify(action="reply", replies=[f"You said {text}, and before that {before}."])

    @app.get("/healthz")
    def healthy() -> str:
        return "ok"

    return app
