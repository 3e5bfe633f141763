"""Changes of rules in the log of a round."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from elearn.core.types import Json, UtcDateTime

revision = "0021"
down_revision = "0020"
branch_labels = depends_on = None


def upgrade() -> None:
    op.create_table(
        "amendments",
        sa.Column("round_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False, comment="1, 2, 3 … without gaps"),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.Column("reason", sa.String(400), nullable=False, comment="public"),
        sa.Column("rules", Json(), nullable=False, comment="all rules from then on, in the shape of those that were sealed"),
        sa.Column("digest", sa.String(64), nullable=False, comment="what the chain holds of it, hexadecimal"),
        sa.Column("is_logged", sa.Boolean(), nullable=False, comment="stands in a checkpoint"),
        sa.ForeignKeyConstraint(["round_id"], ["rounds.id"], name=op.f("fk_amendments_round_id_rounds")),
        sa.PrimaryKeyConstraint("round_id", "number", name=op.f("pk_amendments")),
    )


def downgrade() -> None:
    op.drop_table("amendments")
