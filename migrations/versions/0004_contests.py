"""contests whose rules are data; standings that name entries; limits of a day and of a contest.

Revision 0004, after 0003.
"""

import json

import sqlalchemy as sa
from alembic import op

import elearn.core.types


revision = '0004'
down_revision = '0003'
branch_labels = None
depends_on = None

BIG = sa.BigInteger().with_variant(sa.Integer(), 'sqlite')


def is_sqlite() -> bool:
    return op.get_bind().dialect.name == "sqlite"


def canonical(value) -> str:
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def run(text: str, **values):
    return op.get_bind().execute(sa.text(text), values)


def epoch_ms(column: str) -> str:
    if is_sqlite():
        return f"(CAST(strftime('%s', {column}) AS INTEGER) * 1000 + CAST(substr({column}, 21, 3) AS INTEGER))"
    return f"CAST(floor(extract(epoch FROM {column}) * 1000) AS BIGINT)"


def put_rules_into_settings() -> None:
    """What contests said in columns, they say in one value."""
    for number, age, roles, criteria, prizes in run("SELECT id, minimum_age, excluded_roles, criteria, prizes FROM contests").all():
        said = {"criteria": json.loads(criteria), "excluded_roles": json.loads(roles), "prizes": json.loads(prizes)}
        if age is not None:
            said["minimum_age"] = age
        run("UPDATE contests SET settings = :said WHERE id = :number", said=canonical(said), number=number)
    limits = run("SELECT rounds.id, attempt_limit, prediction_prompt FROM rounds JOIN quizzes ON quizzes.id = rounds.quiz_id").all()
    for number, limit, prompt in limits:
        said = {"attempt_limit": limit, **({"metric": "people_all_correct"} if prompt else {})}
        run("UPDATE rounds SET settings = :said WHERE id = :number", said=canonical(said), number=number)


def take_rules_out_of_settings() -> None:
    for number, stored in run("SELECT id, settings FROM contests").all():
        said = json.loads(stored)
        run(
            "UPDATE contests SET minimum_age = :age, excluded_roles = :roles, criteria = :criteria, prizes = :prizes WHERE id = :number",
            age=said.get("minimum_age"), roles=canonical(said.get("excluded_roles", [])), prizes=canonical(said.get("prizes", [])),
            criteria=canonical(said.get("criteria", ["most_correct", "nearest_prediction", "shorter_time", "earlier_submission"])),
            number=number,
        )


def give_entries_their_units() -> None:
    """The unit for which people stand is the branch below the organiser to which their own belongs; their own where it lies elsewhere."""
    names = dict(run("SELECT id, name FROM units").all())
    for round_id, top, unit_id, path in run(
        "SELECT DISTINCT entries.round_id, organiser.path, entries.unit_id, units.path FROM entries "
        "JOIN rounds ON rounds.id = entries.round_id JOIN contests ON contests.id = rounds.contest_id "
        "JOIN units organiser ON organiser.id = contests.unit_id JOIN units ON units.id = entries.unit_id"
    ).all():
        own, depth = path.strip("/").split("/"), len(top.strip("/").split("/"))
        stands_for = int(own[min(depth, len(own) - 1)]) if path.startswith(top) else int(own[-1])
        run(
            "UPDATE entries SET competing_unit_id = :stands_for, competing_unit_name = :name WHERE round_id = :round AND unit_id = :unit",
            stands_for=stands_for, name=names[stands_for], round=round_id, unit=unit_id,
        )
    run(
        "UPDATE entries SET search_key = coalesce((SELECT search_key FROM standings WHERE standings.member_id = entries.member_id "
        "ORDER BY standings.id DESC LIMIT 1), '')"
    )


def standings_table(name: str) -> None:
    op.create_table(name,
    sa.Column('settlement_id', sa.Integer(), nullable=False),
    sa.Column('position', sa.Integer(), autoincrement=False, nullable=False, comment='order of the rows, 1, 2, 3 … without gaps'),
    sa.Column('place', sa.Integer(), nullable=False, comment='place; equals share one: 1, 2, 2, 4'),
    sa.Column('entry_id', BIG, nullable=False),
    sa.Column('unit_id', sa.Integer(), nullable=False, comment='unit for which they stand'),
    sa.Column('attempt_id', BIG, nullable=True, comment='the counted attempt; empty on a stage or in a total'),
    sa.Column('score', sa.BigInteger(), nullable=False, comment='ten-millionths of a mark'),
    sa.Column('correct_count', sa.Integer(), nullable=False),
    sa.Column('is_all_correct', sa.Integer(), nullable=False, comment='1 or 0'),
    sa.Column('prediction', sa.BigInteger(), nullable=True),
    sa.Column('prediction_distance', sa.BigInteger(), nullable=True, comment='distance from the true value'),
    sa.Column('working_ms', sa.BigInteger(), nullable=False, comment='milliseconds'),
    sa.Column('submitted_ms', sa.BigInteger(), nullable=False, comment='milliseconds since 1970'),
    sa.Column('attempts_used', sa.Integer(), nullable=False, comment='attempts submitted in the round'),
    sa.Column('total_score', sa.BigInteger(), nullable=True, comment='over several rounds, ten-millionths; a total only'),
    sa.Column('best_score', sa.BigInteger(), nullable=True, comment='best of several rounds, ten-millionths; a total only'),
    sa.Column('lot', sa.BigInteger(), nullable=True, comment='drawn lot, only where lots decide'),
    sa.Column('decided_by', sa.String(length=30), nullable=False, comment='criterion that parts it from the row above; empty: none'),
    sa.Column('prize', sa.String(length=60), nullable=False, comment='title of the prize; empty: none'),
    sa.Column('reserve', sa.Integer(), nullable=True, comment='place in the list of those who stand by; empty: not in it'),
    sa.ForeignKeyConstraint(['attempt_id'], ['attempts.id'], name='fk_standings_attempt_id_attempts'),
    sa.ForeignKeyConstraint(['entry_id'], ['entries.id'], name='fk_standings_entry_id_entries'),
    sa.ForeignKeyConstraint(['settlement_id'], ['settlements.id'], name='fk_standings_settlement_id_settlements'),
    sa.ForeignKeyConstraint(['unit_id'], ['units.id'], name='fk_standings_unit_id_units'),
    sa.PrimaryKeyConstraint('settlement_id', 'position', name='pk_standings'),
    sa.UniqueConstraint('settlement_id', 'entry_id', name='uq_standings_settlement_id_entry_id')
    )


def upgrade() -> None:
    with op.batch_alter_table('quizzes') as batch:
        batch.add_column(sa.Column('prediction_decimals', sa.Integer(), nullable=False, server_default='0', comment='digits after the comma; the number is kept times ten to this power'))
        batch.alter_column('prediction_decimals', server_default=None)
    with op.batch_alter_table('contests') as batch:
        batch.alter_column('organiser_name', type_=sa.String(length=400), existing_type=sa.String(length=200), existing_nullable=False, comment='as printed on the page; several organisers in one line', existing_comment='as printed on the page')
        for column in (
            sa.Column('decision_number', sa.String(length=60), nullable=False, server_default='', comment='of the document that orders it, e.g. 128-KH/BTGDVTW'),
            sa.Column('rules_extra', sa.Text(), nullable=False, server_default='', comment='what the organiser adds to the rules, Markdown'),
            sa.Column('consent_text', sa.Text(), nullable=False, server_default='', comment='what entrants without an account agree to; empty: the usual'),
            sa.Column('poster', sa.String(length=64), nullable=False, server_default='', comment='digest of the picture; empty: none'),
            sa.Column('password_hash', sa.String(length=200), nullable=False, server_default='', comment='Argon2; asked of entrants; empty: none'),
            sa.Column('settings', elearn.core.types.Json(), nullable=False, server_default='{}', comment='the rules, see rules/settings.py; what is left out is the default'),
        ):
            batch.add_column(column)
        batch.add_column(sa.Column('decision_on', sa.Date(), nullable=True, comment='date of that document'))
        batch.add_column(sa.Column('made_by_id', sa.Integer(), nullable=True, comment='empty: made by a file or a command'))
        batch.add_column(sa.Column('made_at', elearn.core.types.UtcDateTime(timezone=True), nullable=True))
        batch.create_foreign_key(op.f('fk_contests_made_by_id_members'), 'members', ['made_by_id'], ['id'])
    with op.batch_alter_table('rounds') as batch:
        batch.add_column(sa.Column('kind', sa.String(length=10), nullable=False, server_default='quiz', comment='quiz, written, stage or total'))
        batch.add_column(sa.Column('settings', elearn.core.types.Json(), nullable=False, server_default='{}', comment='what this round decides for itself, see rules/settings.py'))
        batch.alter_column('quiz_id', existing_type=sa.Integer(), nullable=True, comment='the paper; stage and total have none')
        batch.create_check_constraint(op.f('ck_rounds_kind'), "kind IN ('quiz', 'written', 'stage', 'total')")
        batch.create_check_constraint(op.f('ck_rounds_quiz'), "(kind IN ('quiz', 'written')) = (quiz_id IS NOT NULL)")
    put_rules_into_settings()
    with op.batch_alter_table('contests') as batch:
        for name in ('decision_number', 'rules_extra', 'consent_text', 'poster', 'password_hash', 'settings'):
            batch.alter_column(name, server_default=None)
        for name in ('minimum_age', 'excluded_roles', 'criteria', 'prizes'):
            batch.drop_column(name)
    with op.batch_alter_table('rounds') as batch:
        batch.alter_column('kind', server_default=None)
        batch.alter_column('settings', server_default=None)

    random = "lower(hex(randomblob(8)))" if is_sqlite() else "substr(md5(random()::text || id::text), 1, 16)"
    with op.batch_alter_table('entries') as batch:
        batch.add_column(sa.Column('pseudonym', sa.String(length=16), nullable=True, comment='random, hexadecimal; stands for the person in everything that is published'))
        batch.add_column(sa.Column('competing_unit_id', sa.Integer(), nullable=True, comment='unit for which they stand: the branch below the organiser'))
        batch.add_column(sa.Column('competing_unit_name', sa.String(length=200), nullable=True, comment='its name on entering'))
        batch.add_column(sa.Column('search_key', sa.String(length=600), nullable=False, server_default='', comment='folded name and units'))
        batch.add_column(sa.Column('is_counted', sa.Boolean(), nullable=False, server_default=sa.true(), comment='false once disqualified'))
    op.execute(f"UPDATE entries SET pseudonym = {random}")
    give_entries_their_units()
    with op.batch_alter_table('entries') as batch:
        batch.alter_column('member_id', existing_type=sa.Integer(), nullable=True, comment='empty: a team')
        batch.alter_column('pseudonym', existing_type=sa.String(length=16), nullable=False)
        batch.alter_column('competing_unit_id', existing_type=sa.Integer(), nullable=False)
        batch.alter_column('competing_unit_name', existing_type=sa.String(length=200), nullable=False)
        batch.alter_column('search_key', server_default=None)
        batch.alter_column('is_counted', server_default=None)
        batch.create_unique_constraint(op.f('uq_entries_pseudonym'), ['pseudonym'])
        batch.create_foreign_key(op.f('fk_entries_competing_unit_id_units'), 'units', ['competing_unit_id'], ['id'])

    op.create_table('attempt_permits',
    sa.Column('scope', sa.String(length=40), nullable=False, comment='contest:7, or day:7:2026-10-14'),
    sa.Column('member_id', sa.Integer(), nullable=False),
    sa.Column('number', sa.Integer(), autoincrement=False, nullable=False, comment='1, 2, 3 … of this member in the scope'),
    sa.Column('attempt_limit', sa.Integer(), nullable=False, comment='limit of the scope at the start'),
    sa.Column('attempt_id', BIG, nullable=False),
    sa.CheckConstraint('number >= 1 AND number <= attempt_limit', name=op.f('ck_attempt_permits_attempt_limit')),
    sa.ForeignKeyConstraint(['attempt_id'], ['attempts.id'], name=op.f('fk_attempt_permits_attempt_id_attempts')),
    sa.ForeignKeyConstraint(['member_id'], ['members.id'], name=op.f('fk_attempt_permits_member_id_members')),
    sa.PrimaryKeyConstraint('scope', 'member_id', 'number', name=op.f('pk_attempt_permits'))
    )
    op.create_index(op.f('ix_attempt_permits_member_id'), 'attempt_permits', ['member_id'], unique=False)

    with op.batch_alter_table('settlements') as batch:
        for column in (
            sa.Column('status', sa.String(length=12), nullable=False, server_default='settled', comment='settled → provisional (published, objections taken) → final'),
            sa.Column('rules', elearn.core.types.Json(), nullable=False, server_default='{}', comment='settings of the contest as they held in this round'),
            sa.Column('question_count', sa.Integer(), nullable=False, server_default='0', comment='questions of a paper; 0 where there is none'),
            sa.Column('max_score', sa.BigInteger(), nullable=False, server_default='0', comment='highest mark that could be reached, ten-millionths'),
            sa.Column('prediction_metric', sa.String(length=20), nullable=False, server_default='', comment='what the prediction was about; empty: none was asked'),
            sa.Column('lot_seed', sa.String(length=64), nullable=False, server_default='', comment='public seed of drawn lots; empty: none were drawn'),
        ):
            batch.add_column(column)
        batch.add_column(sa.Column('final_at', elearn.core.types.UtcDateTime(timezone=True), nullable=True))
        batch.add_column(sa.Column('final_by_id', sa.Integer(), nullable=True))
        batch.alter_column('prediction_actual', existing_type=sa.BigInteger(), existing_nullable=True, comment='its true value; percentages in hundred-thousandths')
        batch.create_foreign_key(op.f('fk_settlements_final_by_id_members'), 'members', ['final_by_id'], ['id'])
        batch.create_check_constraint(op.f('ck_settlements_status'), "status IN ('settled', 'provisional', 'final')")
    run("UPDATE settlements SET status = CASE WHEN published_at IS NULL THEN 'settled' ELSE 'provisional' END")
    run("UPDATE settlements SET prediction_metric = CASE WHEN prediction_actual IS NULL THEN '' ELSE 'people_all_correct' END")
    run(
        "UPDATE settlements SET question_count = coalesce((SELECT question_count FROM quizzes JOIN rounds ON rounds.quiz_id = quizzes.id "
        "WHERE rounds.id = settlements.round_id), 0)"
    )
    with op.batch_alter_table('settlements') as batch:
        for name in ('status', 'rules', 'question_count', 'max_score', 'prediction_metric', 'lot_seed'):
            batch.alter_column(name, server_default=None)

    op.rename_table('standings', 'standings_before')
    if not is_sqlite():
        for old in ('pk_standings', 'uq_standings_settlement_id_member_id', 'fk_standings_settlement_id_settlements', 'fk_standings_attempt_id_attempts', 'fk_standings_unit_id_units', 'fk_standings_member_id_members'):
            op.execute(f'ALTER TABLE standings_before RENAME CONSTRAINT {old} TO before_{old}')
    standings_table('standings')
    run(
        "INSERT INTO standings (settlement_id, position, place, entry_id, unit_id, attempt_id, score, correct_count, is_all_correct, prediction, "
        "prediction_distance, working_ms, submitted_ms, attempts_used, decided_by, prize) "
        "SELECT b.settlement_id, b.position, b.place, e.id, b.unit_id, b.attempt_id, coalesce(a.mark, 0), b.correct_count, "
        "CASE WHEN b.correct_count = s.question_count AND s.question_count > 0 THEN 1 ELSE 0 END, b.prediction, b.prediction_distance, "
        f"b.working_ms, {epoch_ms('b.submitted_at')}, "
        "(SELECT count(*) FROM attempts t WHERE t.quiz_id = a.quiz_id AND t.member_id = a.member_id AND t.state = 'submitted'), b.decided_by, b.prize "
        "FROM standings_before b JOIN settlements s ON s.id = b.settlement_id JOIN attempts a ON a.id = b.attempt_id "
        "JOIN entries e ON e.round_id = s.round_id AND e.member_id = b.member_id"
    )
    op.drop_table('standings_before')
    op.create_index('ix_standings_unit', 'standings', ['settlement_id', 'unit_id', 'position'], unique=False)
    with op.batch_alter_table('unit_standings') as batch:
        for column in (
            sa.Column('all_correct_count', sa.Integer(), nullable=False, server_default='0', comment='people wholly right'),
            sa.Column('score_sum', sa.BigInteger(), nullable=False, server_default='0', comment='sum of the counted marks, ten-millionths'),
            sa.Column('prize_count', sa.Integer(), nullable=False, server_default='0', comment='prizes of its people'),
            sa.Column('prize', sa.String(length=60), nullable=False, server_default='', comment='collective prize; empty: none'),
        ):
            batch.add_column(column)
    for name, value in (('all_correct_count', 'sum(is_all_correct)'), ('score_sum', 'sum(score)'), ('prize_count', "sum(CASE WHEN prize <> '' THEN 1 ELSE 0 END)")):
        run(
            f"UPDATE unit_standings SET {name} = coalesce((SELECT {value} FROM standings WHERE standings.settlement_id = unit_standings.settlement_id "
            "AND standings.unit_id = unit_standings.unit_id), 0)"
        )
    with op.batch_alter_table('unit_standings') as batch:
        for name in ('all_correct_count', 'score_sum', 'prize_count', 'prize'):
            batch.alter_column(name, server_default=None)


def downgrade() -> None:
    with op.batch_alter_table('unit_standings') as batch:
        for name in ('all_correct_count', 'score_sum', 'prize_count', 'prize'):
            batch.drop_column(name)
    op.rename_table('standings', 'standings_after')
    if not is_sqlite():
        for old in ('pk_standings', 'uq_standings_settlement_id_entry_id', 'fk_standings_settlement_id_settlements', 'fk_standings_attempt_id_attempts', 'fk_standings_unit_id_units', 'fk_standings_entry_id_entries'):
            op.execute(f'ALTER TABLE standings_after RENAME CONSTRAINT {old} TO after_{old}')
    op.create_table('standings',
    sa.Column('id', BIG, nullable=False),
    sa.Column('settlement_id', sa.Integer(), nullable=False),
    sa.Column('position', sa.Integer(), nullable=False, comment='order of the rows, 1, 2, 3 … without gaps'),
    sa.Column('place', sa.Integer(), nullable=False, comment='place; equals share one: 1, 2, 2, 4'),
    sa.Column('member_id', sa.Integer(), nullable=False),
    sa.Column('attempt_id', BIG, nullable=False, comment='the counted attempt'),
    sa.Column('display_name', sa.String(length=120), nullable=False),
    sa.Column('unit_id', sa.Integer(), nullable=False),
    sa.Column('unit_name', sa.String(length=200), nullable=False),
    sa.Column('correct_count', sa.Integer(), nullable=False),
    sa.Column('prediction', sa.BigInteger(), nullable=True),
    sa.Column('prediction_distance', sa.BigInteger(), nullable=True, comment='distance from the true value'),
    sa.Column('working_ms', sa.Integer(), nullable=False, comment='milliseconds'),
    sa.Column('submitted_at', elearn.core.types.UtcDateTime(timezone=True), nullable=False),
    sa.Column('decided_by', sa.String(length=30), nullable=False, comment='criterion that parts it from the row above; empty: none'),
    sa.Column('prize', sa.String(length=60), nullable=False, comment='title of the prize; empty: none'),
    sa.Column('search_key', sa.String(length=340), nullable=False, comment='folded name and unit'),
    sa.ForeignKeyConstraint(['attempt_id'], ['attempts.id'], name=op.f('fk_standings_attempt_id_attempts')),
    sa.ForeignKeyConstraint(['member_id'], ['members.id'], name=op.f('fk_standings_member_id_members')),
    sa.ForeignKeyConstraint(['settlement_id'], ['settlements.id'], name=op.f('fk_standings_settlement_id_settlements')),
    sa.ForeignKeyConstraint(['unit_id'], ['units.id'], name=op.f('fk_standings_unit_id_units')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_standings')),
    sa.UniqueConstraint('settlement_id', 'member_id', name=op.f('uq_standings_settlement_id_member_id'))
    )
    run(
        "INSERT INTO standings (settlement_id, position, place, member_id, attempt_id, display_name, unit_id, unit_name, correct_count, prediction, "
        "prediction_distance, working_ms, submitted_at, decided_by, prize, search_key) "
        "SELECT n.settlement_id, n.position, n.place, e.member_id, n.attempt_id, e.display_name, n.unit_id, e.competing_unit_name, n.correct_count, "
        "n.prediction, n.prediction_distance, n.working_ms, a.submitted_at, n.decided_by, n.prize, substr(e.search_key, 1, 340) "
        "FROM standings_after n JOIN entries e ON e.id = n.entry_id JOIN attempts a ON a.id = n.attempt_id WHERE e.member_id IS NOT NULL"
    )
    op.drop_table('standings_after')
    op.create_index('ix_standings_member_id', 'standings', ['member_id'], unique=False)
    op.create_index('ix_standings_settlement_id_position', 'standings', ['settlement_id', 'position'], unique=False)
    with op.batch_alter_table('settlements') as batch:
        batch.drop_constraint(op.f('fk_settlements_final_by_id_members'), type_='foreignkey')
        batch.drop_constraint(op.f('ck_settlements_status'), type_='check')
        for name in ('status', 'rules', 'question_count', 'max_score', 'prediction_metric', 'lot_seed', 'final_at', 'final_by_id'):
            batch.drop_column(name)
    op.drop_index(op.f('ix_attempt_permits_member_id'), table_name='attempt_permits')
    op.drop_table('attempt_permits')
    # Teams, stages and totals did not exist before.
    run("DELETE FROM entries WHERE member_id IS NULL")
    run("DELETE FROM unit_standings WHERE settlement_id IN (SELECT s.id FROM settlements s JOIN rounds r ON r.id = s.round_id WHERE r.quiz_id IS NULL)")
    run("DELETE FROM settlements WHERE round_id IN (SELECT id FROM rounds WHERE quiz_id IS NULL)")
    run("DELETE FROM entries WHERE round_id IN (SELECT id FROM rounds WHERE quiz_id IS NULL)")
    run("DELETE FROM rounds WHERE quiz_id IS NULL")
    with op.batch_alter_table('entries') as batch:
        batch.drop_constraint(op.f('uq_entries_pseudonym'), type_='unique')
        batch.drop_constraint(op.f('fk_entries_competing_unit_id_units'), type_='foreignkey')
        for name in ('pseudonym', 'competing_unit_id', 'competing_unit_name', 'search_key', 'is_counted'):
            batch.drop_column(name)
        batch.alter_column('member_id', existing_type=sa.Integer(), nullable=False)
    with op.batch_alter_table('rounds') as batch:
        batch.drop_constraint(op.f('ck_rounds_kind'), type_='check')
        batch.drop_constraint(op.f('ck_rounds_quiz'), type_='check')
        batch.drop_column('kind')
        batch.drop_column('settings')
        batch.alter_column('quiz_id', existing_type=sa.Integer(), nullable=False)
    with op.batch_alter_table('contests') as batch:
        batch.add_column(sa.Column('minimum_age', sa.Integer(), nullable=True, comment='full years on the first day; empty: none'))
        for name, comment in (
            ('excluded_roles', 'roles whose holders may not enter'),
            ('criteria', 'keys of ranking criteria in their order'),
            ('prizes', '[{"title": …, "title_en": …, "count": n}, …] for each round'),
        ):
            batch.add_column(sa.Column(name, elearn.core.types.Json(), nullable=False, server_default='[]', comment=comment))
    take_rules_out_of_settings()
    with op.batch_alter_table('contests') as batch:
        for name in ('excluded_roles', 'criteria', 'prizes'):
            batch.alter_column(name, server_default=None)
        batch.drop_constraint(op.f('fk_contests_made_by_id_members'), type_='foreignkey')
        for name in ('decision_number', 'decision_on', 'rules_extra', 'consent_text', 'poster', 'password_hash', 'settings', 'made_by_id', 'made_at'):
            batch.drop_column(name)
        batch.alter_column('organiser_name', type_=sa.String(length=200), existing_type=sa.String(length=400), existing_nullable=False)
    with op.batch_alter_table('quizzes') as batch:
        batch.drop_column('prediction_decimals')
