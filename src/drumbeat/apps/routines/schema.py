"""Published versions don't change: the database refuses it."""

GUARD_VERSIONS = """
CREATE FUNCTION routines_refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '% on % is refused: a published version never changes', TG_OP, TG_TABLE_NAME
        USING ERRCODE = 'restrict_violation', HINT = 'Publish a new version instead.';
END $$;
CREATE TRIGGER immutable BEFORE UPDATE OR DELETE ON routines_version
    FOR EACH ROW EXECUTE FUNCTION routines_refuse_change();
CREATE TRIGGER immutable BEFORE UPDATE OR DELETE ON routines_playbookstep
    FOR EACH ROW EXECUTE FUNCTION routines_refuse_change();
"""

UNGUARD_VERSIONS = "DROP FUNCTION routines_refuse_change() CASCADE;"
