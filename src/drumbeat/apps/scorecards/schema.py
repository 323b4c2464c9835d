"""Published versions of scorecards don't change: the database refuses it."""

GUARD_VERSIONS = """
CREATE FUNCTION scorecards_refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '% on % is refused: a published scorecard never changes', TG_OP, TG_TABLE_NAME
        USING ERRCODE = 'restrict_violation', HINT = 'Publish a new version instead.';
END $$;
CREATE TRIGGER immutable BEFORE UPDATE OR DELETE ON scorecards_version
    FOR EACH ROW EXECUTE FUNCTION scorecards_refuse_change();
"""

UNGUARD_VERSIONS = "DROP FUNCTION scorecards_refuse_change() CASCADE;"
