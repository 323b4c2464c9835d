"""The ledger's tables beyond what models say: months as partitions, and the database's own refusal of change."""

CREATE_ENTRIES = """
CREATE SEQUENCE ledger_entry_id_seq;
CREATE TABLE ledger_entry (
    recorded_at timestamptz NOT NULL,
    id bigint NOT NULL DEFAULT nextval('ledger_entry_id_seq'),
    promise_id bigint NOT NULL,
    kind varchar(9) NOT NULL,
    at timestamptz NOT NULL,
    by_id bigint,
    cause varchar(7) NOT NULL DEFAULT '',
    reason varchar(24) NOT NULL DEFAULT '',
    due_at timestamptz,
    PRIMARY KEY (recorded_at, id)
) PARTITION BY RANGE (recorded_at);
CREATE INDEX ledger_entry_promise ON ledger_entry (promise_id);
"""

DROP_ENTRIES = "DROP TABLE ledger_entry; DROP SEQUENCE ledger_entry_id_seq;"

# Row triggers are inherited by partitions, TRUNCATE triggers are not: each month gets its own.
# SECURITY DEFINER lets an application role without ownership have next month's partition made.
GUARD_LEDGER = """
CREATE FUNCTION ledger_refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '% on % is refused: the ledger is append-only', TG_OP, TG_TABLE_NAME
        USING ERRCODE = 'restrict_violation', HINT = 'Write a correcting entry instead.';
END $$;

CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON ledger_entry
    FOR EACH ROW EXECUTE FUNCTION ledger_refuse_change();
CREATE TRIGGER append_only_truncate BEFORE TRUNCATE ON ledger_entry
    FOR EACH STATEMENT EXECUTE FUNCTION ledger_refuse_change();
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON ledger_promise
    FOR EACH ROW EXECUTE FUNCTION ledger_refuse_change();
CREATE TRIGGER append_only_truncate BEFORE TRUNCATE ON ledger_promise
    FOR EACH STATEMENT EXECUTE FUNCTION ledger_refuse_change();

CREATE FUNCTION ledger_make_month(month date) RETURNS boolean LANGUAGE plpgsql SECURITY DEFINER
    SET search_path = public AS $$
DECLARE
    first timestamptz := date_trunc('month', month::timestamp) AT TIME ZONE 'UTC';
    next timestamptz := (date_trunc('month', month::timestamp) + interval '1 month') AT TIME ZONE 'UTC';
    partition text := 'ledger_entry_y' || to_char(month, 'YYYY') || 'm' || to_char(month, 'MM');
BEGIN
    IF to_regclass(partition) IS NOT NULL THEN RETURN false; END IF;
    EXECUTE format('CREATE TABLE %I PARTITION OF ledger_entry FOR VALUES FROM (%L) TO (%L)', partition, first, next);
    EXECUTE format('CREATE TRIGGER append_only_truncate BEFORE TRUNCATE ON %I
        FOR EACH STATEMENT EXECUTE FUNCTION ledger_refuse_change()', partition);
    RETURN true;
END $$;
"""

UNGUARD_LEDGER = """
DROP FUNCTION ledger_make_month(date);
DROP FUNCTION ledger_refuse_change() CASCADE;
"""
